import { setImmediate as loopTurn, setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { Problem } from '../shared/problem.ts'
import type { AtEnd, Db } from './database.ts'

// The writes of one process on SQLite: one at a time, in the order in which they came. Those that wait at the same time, and may,
// share one transaction and so one commit, which is what the disk is waited for. Nobody is answered before that. One that is refused
// has as a rule written nothing by then; where it has, all is undone, and each done by itself. (A savepoint for each would undo one
// alone, but SQLite would copy every page before it is written, and write the index of words at each.)

/** How long a write waits for another process (the command line, say) before it answers 503. */
const LOCK_WAIT_MS = 5_000
/** So many share a commit at most, and no more begin after so long: who was first would wait for them. */
const SHARE_MAX = 64
const SHARE_MS = 50
/** After that the lock is left alone for a moment, in which other processes can have it. */
const LEFT_ALONE_MS = 1

/** Turns of the event loop in which those who read are answered before a write goes on. Where nobody reads, they take no time. */
const TURNS_OF_READERS = 3
async function letReadersGo(): Promise<void> {
  for (let n = 0; n < TURNS_OF_READERS; n++) await loopTurn()
}

/** A write that waits for its turn. */
interface Turn {
  mayShare: boolean
  /** Does the work in the transaction that is open. What came of it is told afterwards. */
  attempt: () => Promise<{ isDone: boolean; tell: () => void }>
  fail: (error: unknown) => void
}

export function turnsOn(writer: Sqlite.Database, tx: Db, atEnd: AtEnd) {
  const changes = writer.prepare('select total_changes()').pluck()
  const waiting: Turn[] = []
  let last: Promise<unknown> = Promise.resolve()
  let pause: Promise<void> | undefined

  /** Does something while nothing is written. */
  function queue<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  const turnOf = <T>(
    work: (tx: Db) => Promise<T>,
    mayShare: boolean,
    resolve: (result: T) => void,
    fail: (error: unknown) => void,
  ): Turn => ({
    mayShare,
    fail,
    attempt: async () => {
      try {
        const result = await work(tx)
        // Readers have their turn in between.
        await letReadersGo()
        await atEnd.commit(tx)
        await letReadersGo()
        return { isDone: true, tell: () => resolve(result) }
      } catch (error) {
        atEnd.rollback(tx)
        return { isDone: false, tell: () => fail(error) }
      }
    },
  })

  /** The turn whose time it is, unless it has had a share in the commit of another one. */
  async function takeTurn(): Promise<void> {
    if (waiting.length === 0) return
    // A chain of awaited writes is microtasks only: without this turn no request would be served meanwhile.
    await letReadersGo()
    await pause
    pause = undefined
    const first = waiting.shift()
    if (first === undefined) return
    const limit = AbortSignal.timeout(SHARE_MS)
    await carryOut(first, (many) => {
      const isRoom = first.mayShare && waiting[0]?.mayShare && many < SHARE_MAX && !limit.aborted
      return isRoom ? waiting.shift() : undefined
    })
  }

  /** One transaction: the first turn, and those that share its commit. */
  async function carryOut(first: Turn, next: (many: number) => Turn | undefined): Promise<void> {
    const done: { turn: Turn; tell: () => void }[] = []
    let isAny = false
    try {
      await begin(writer)
      for (let turn: Turn | undefined = first; turn !== undefined; turn = next(done.length)) {
        const before = changes.get()
        const { isDone, tell } = await turn.attempt()
        done.push({ turn, tell })
        isAny ||= isDone
        if (isDone || (writer.inTransaction && changes.get() === before)) continue
        if (isAny) throw new Error('Something is to be undone, and with it what others have written')
        break
      }
      // With some faults (a full disk) SQLite has undone everything by itself.
      if (isAny) await atEnd.last(tx)
      else atEnd.undone(tx)
      // Also where nothing is open: then it fails, and nobody is told that something was stored.
      if (isAny || writer.inTransaction) writer.exec(isAny ? 'COMMIT' : 'ROLLBACK')
      if (done.length > 1) pause = sleep(LEFT_ALONE_MS)
    } catch (error) {
      atEnd.undone(tx)
      rollBack(writer)
      if (done.length > 1) for (const { turn } of done) await carryOut(turn, () => undefined)
      else first.fail(error)
      return
    }
    for (const { tell } of done) tell()
  }

  return {
    queue,

    /** Whoever `mayShare` is short: others who share are answered when it is done. */
    write: <T>(work: (tx: Db) => Promise<T>, mayShare: boolean): Promise<T> =>
      new Promise((resolve, reject) => {
        waiting.push(turnOf(work, mayShare, resolve, reject))
        void queue(takeTurn)
      }),

    /** When all that has been asked for is done. */
    end: () => last,
  }
}

function rollBack(writer: Sqlite.Database): void {
  try {
    if (writer.inTransaction) writer.exec('ROLLBACK')
  } catch {
    // Whoever waits is answered all the same, and the next who begins is told what is wrong.
  }
}

/** Waits for other processes not inside SQLite, which would stop the event loop, but between turns of it. */
async function begin(writer: Sqlite.Database): Promise<void> {
  let limit: AbortSignal | undefined
  for (;;) {
    try {
      writer.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error
      if (limit?.aborted) {
        throw new Problem('unavailable', 'Another process is writing. Nothing was changed: try again.', {
          cause: error,
          headers: { 'retry-after': '1' },
        })
      }
      // By a timer, as on a busy machine the pauses are longer than they should be.
      limit ??= AbortSignal.timeout(LOCK_WAIT_MS)
      await sleep(1 + Math.random() * 4)
    }
  }
}
