import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { isRefusedValue } from '../db/failure.ts'
import type { Together } from '../publishing/service.ts'
import { Problem } from '../shared/problem.ts'
import { isSettled } from './decisions.ts'
import type { RecordPlace, SourceBody, TermRecord } from './formats/format.ts'
import { AHEAD, LENGTH_AHEAD, type Preparing, preparing, sparingThreads } from './preparing.ts'
import type { Prepared } from './ready.ts'
import type { Placed, Unread } from './records.ts'
import type { ImportHow, Reported } from './schema.ts'
import { type ImportedRow, importingStore } from './store.ts'
import { type Dependencies, type Done, taking } from './taking.ts'

// Owns what is done with the records of an archive. Promises that a record becomes all or nothing, that the same one a second
// time changes nothing, that what somebody has worked on here is never overwritten, and that each is reported.

/** How many records are written in one transaction, and how much text at most: others wait for it. */
const RECORDS_AT_ONCE = 100
const LENGTH_AT_ONCE = 1_000_000

export type ArchiveImporter = ReturnType<typeof archiveImporter>

export function archiveImporter(dependencies: Dependencies & { languageDefault: string }) {
  const db: Database = dependencies.db
  const { tables } = db
  const { articleIn, railIn, termIn } = taking(dependencies)

  const knownOn = async (on: Db, some: Waiting[]) =>
    recollection(
      await importingStore(on, tables).known(some.flatMap(({ ready, origin }) => (ready ? { ...ready, origin } : []))),
    )

  /** Writes some records in one transaction, which `also` is part of; in a dry run it is taken back. */
  async function write(caller: Caller, some: Waiting[], how: Doing, also: Also): Promise<Reported[]> {
    let reported: Reported[] = []
    const work = async (tx: Db) => {
      reported = []
      const together: Together = { terms: new Map(), words: [] }
      const known = await knownOn(tx, some)
      const here = new Map<string, Said>()
      // Terms come first, as everywhere: who publishes holds them.
      const defined = new Map<TermRecord, Done>()
      for (const { record } of some)
        if (record.kind === 'term') defined.set(record, await termIn(tx, caller, record, how))
      for (const { record, file, origin, ready, rendered, report } of some) {
        const term = record.kind === 'term' ? defined.get(record) : undefined
        if (term !== undefined) reported.push(reportOf(record, file, term))
        if (report !== undefined) reported.push(report)
        if (record.kind === 'rail') reported.push(reportOf(record, file, await railIn(tx, caller, record)))
        if (ready === undefined) continue
        if (isTwice(saidBy(ready, origin), here.get(ready.key) ?? how.seen.get(ready.key))) {
          reported.push(reportOf(record, file, twice))
          continue
        }
        here.set(ready.key, saidBy(ready, origin))
        const whence = { file, origin: origin ?? null }
        const before = known.of(ready.key, origin)
        const done = await articleIn(tx, caller, { ...ready, rendered }, before, whence, { ...how, together })
        // The same may come twice in one archive, in the same words.
        if (done.row !== undefined) known.note(done.row)
        reported.push(reportOf(record, file, done))
      }
      await dependencies.publishing.addWordsIn(tx, together)
      if (how.isDryRun) throw takenBack
      await also(tx, reported)
    }
    await db.write(work).catch((error: unknown) => {
      if (error !== takenBack) throw error
    })
    return reported
  }

  /** The same one by one: what fails is reported, and the others are taken. */
  async function writeEach(caller: Caller, some: Waiting[], how: Doing, also: Also): Promise<Reported[]> {
    const all: Reported[] = []
    for (const each of some) {
      const reported = await write(caller, [each], how, also).catch((error: unknown) => {
        const { record, file } = each
        const report = reportOf(record, file, { result: 'failed', why: refusalIn(error), warnings: [] })
        return write(caller, [{ record: { kind: 'failed', why: '' }, file, report, length: 0 }], how, also)
      })
      all.push(...reported)
    }
    return all
  }

  async function take(caller: Caller, some: Waiting[], how: Doing, also: Also): Promise<Reported[]> {
    const known = await knownOn(db.read, some)
    const now = dependencies.clock.now()
    const settled = some.flatMap(({ record, file, origin, ready, report }) => {
      const row = ready && known.of(ready.key, origin)
      if (report || row === undefined || ready === undefined || !isSettled(row, ready, how, now)) return report ?? []
      return reportOf(record, file, { result: 'unchanged', articleId: row.articleId, warnings: ready.warnings })
    })
    if (settled.length < some.length) {
      return write(caller, some, how, also).catch((error: unknown) => {
        refusalIn(error)
        return writeEach(caller, some, how, also)
      })
    }
    // All of it came before: nothing is to be written but the report.
    if (!how.isDryRun) await db.write((tx) => also(tx, settled))
    return settled
  }

  /** In a dry run nothing of what was done before is there: what comes again is told as if it were. */
  function asIfDone(some: Waiting[], reported: Reported[], before: ReadonlyMap<string, Said>): Reported[] {
    const made = new Set(reported.flatMap(({ result, articleId }) => (result === 'created' ? (articleId ?? []) : [])))
    return reported.map((each, n) => {
      const ready = some[n]?.ready
      const { articleId: _a, railKey: _r, ...told } = each
      const said = ready && before.get(ready.key)
      // What exists already is named; what would be made has no id yet.
      if (each.result !== 'created') return each.articleId !== undefined && made.has(each.articleId) ? told : each
      return said === undefined ? told : { ...told, result: said.digest === ready?.digest ? 'unchanged' : 'updated' }
    })
  }

  return {
    /**
     * Imports records as they come, and yields what became of them. `also` takes part in each transaction with what it has
     * done, so that a report can be kept that is never ahead or behind. Where it stops, what was reported is done. So many
     * `threads` convert, and this one writes.
     */
    async *import(
      caller: Caller,
      records: AsyncIterable<Placed | Unread>,
      how: ImportHow,
      also: Also = async () => undefined,
      threads = sparingThreads(),
    ): AsyncGenerator<Reported[]> {
      const workers = preparing(dependencies.languageDefault, threads)
      let some: Waiting[] = []
      let length = 0
      const seen = new Map<string, Said>()
      const taken = async () => {
        const done = await take(caller, some, { ...how, seen }, also)
        const reported = how.isDryRun ? asIfDone(some, done, seen) : done
        for (const { ready, origin } of some) {
          if (ready && !isTwice(saidBy(ready, origin), seen.get(ready.key))) seen.set(ready.key, saidBy(ready, origin))
        }
        return reported
      }
      try {
        for await (const waiting of inOrder(records, workers)) {
          some.push(waiting)
          length += waiting.length
          if (some.length < RECORDS_AT_ONCE && length < LENGTH_AT_ONCE) continue
          yield await taken()
          some = []
          length = 0
        }
        if (some.length > 0) yield await taken()
      } finally {
        await workers.end()
      }
    },
  }
}

/** What is done in the transaction of some records, once it is known what becomes of them. */
export type Also = (tx: Db, reported: Reported[]) => Promise<void>

/** A record on its way: made ready, or with its report already. */
interface Waiting extends Prepared {
  file: string
  report?: Reported
  length: number
}

/** What is known of some records: by the id that the source gives them, and else by where their file is. */
function recollection(rows: ImportedRow[]) {
  const byKey = new Map<string, ImportedRow>()
  const byOrigin = new Map<string, ImportedRow>()
  const note = (row: ImportedRow) => {
    byKey.set(row.key, row)
    if (row.origin !== null) byOrigin.set(row.origin, row)
  }
  rows.forEach(note)
  return {
    note,
    of: (key: string, origin: string | undefined): ImportedRow | undefined =>
      byKey.get(key) ?? (origin === undefined ? undefined : byOrigin.get(origin)),
  }
}

/** How, and what this import has seen before: by the key of each what it said. */
type Doing = ImportHow & { seen: ReadonlyMap<string, Said> }

/** What a record says, and when that was changed, where its source tells. */
interface Said {
  digest: string
  updatedAt: string | undefined
  origin: string | undefined
}
const saidBy = ({ digest, publication }: NonNullable<Waiting['ready']>, origin: string | undefined): Said => ({
  digest,
  origin,
  updatedAt: publication.state === 'published' ? publication.updatedAt : undefined,
})
/** Whether this is something else under the id of one before; of a wire, which has versions one after another, it may be a newer one. */
function isTwice(said: Said, before: Said | undefined): boolean {
  if (before === undefined || said.digest === before.digest || said.origin !== before.origin) return false
  return said.updatedAt === undefined || before.updatedAt === undefined || said.updatedAt <= before.updatedAt
}

/** Of two that have one id the second would take the place of the first, and the next time the first that of the second. */
const twice: Done = {
  result: 'conflict',
  why: 'Another record of this archive has the same id and says something else: that one was taken.',
  warnings: [],
}

const takenBack = new Error('A dry run is taken back')

/** The records with what was prepared of them, a few of which are on their way at a time. */
async function* inOrder(parts: AsyncIterable<Placed | Unread>, workers: Preparing): AsyncGenerator<Waiting> {
  const ahead: { next: Promise<Waiting>; length: number }[] = []
  let length = 0
  const first = () => {
    const { next, length: of } = ahead.shift() as (typeof ahead)[number]
    length -= of
    return next
  }
  for await (const part of parts) {
    const own = 'record' in part ? (part.record.kind === 'article' ? lengthOf(part.record.body) : 0) : part.bytes.length
    const next = waitingFor(part, own, workers)
    // What fails is told when its turn comes.
    next.catch(() => undefined)
    ahead.push({ next, length: own })
    length += own
    while (ahead.length > AHEAD || length > LENGTH_AHEAD) yield await first()
  }
  while (ahead.length > 0) yield await first()
}

const lengthOf = (body: SourceBody): number => {
  const [text] = Object.values(body)
  return typeof text === 'string' ? text.length : JSON.stringify(text).length
}

async function waitingFor(part: Placed | Unread, own: number, workers: Preparing): Promise<Waiting> {
  const { file } = part
  const isReady = 'record' in part && part.record.kind !== 'article'
  const prepared = isReady ? (part as Prepared) : await workers.prepare(part, own)
  const { record, rendered } = prepared
  if (record.kind === 'rail' || record.kind === 'term') return { ...prepared, file, length: 1_000 }
  if (record.kind === 'article') return { ...prepared, file, length: rendered?.body.blocks.length ?? 0 }
  const { kind: result, why, warnings = [] } = { warnings: [], ...record }
  return { record, file, report: reportOf(record, file, { result, why, warnings }), length: 0 }
}

const reportOf = ({ line, id }: RecordPlace, source: string, { row: _, ...done }: Done): Reported => ({
  ...done,
  line,
  source: writable(source),
  sourceId: id === undefined ? undefined : writable(id),
  why: done.why === undefined ? undefined : writable(done.why),
  warnings: done.warnings.map(writable),
})

/** Something to be told, without what no database takes: a report must never be what an import fails by. */
const writable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed().slice(0, TOLD_LENGTH_MAX)
const TOLD_LENGTH_MAX = 2_000

/** What a refusal says; everything else is no fault of the record, and thrown on. */
function refusalIn(error: unknown): string {
  if (isRefusedValue(error)) return 'The database refuses something in it.'
  if (!(error instanceof Problem) || error.status >= 500) throw error
  return error.errors?.[0]?.detail ?? error.message
}
