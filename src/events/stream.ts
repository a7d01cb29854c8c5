import type { ServerResponse } from 'node:http'
import { setImmediate as loopTurn, setTimeout as sleep } from 'node:timers/promises'
import { cursorOf, type Feed, type Told } from './changes.ts'

// The live stream: one look at the log for all who listen, written once and sent to each. Holds no events: who cannot
// keep up is let go, and comes back with the id of the last event it had, which the log still has.

/** How often the log is looked at while somebody listens, be it another node that wrote. */
const LOOK_EVERY_MS = 250
/** How many events are read at once. */
export const PAGE = 100
/** What may wait for one listener, when there is more to come, before it is let go. */
const WAITING_BYTES_MAX = 64_000
/** How long one that catches up may take for a page. */
const PAGE_MS_MAX = 30_000
/** In how many milliseconds a listener that was let go is to come back, for its `EventSource`. */
const RETRY_MS = 2_000
/** After how many looks keys are looked at too: a revoked one hears no more. */
const KEYS_EVERY = 4

interface Listener {
  raw: ServerResponse
  /** The number of the last event that was sent to it. */
  position: number
  /** Whose key it came with. */
  keyId: string | undefined
  /** Whether what was sent at the last heartbeat had still not left. */
  isSlow: boolean
}

interface Dependencies {
  feed: Feed
  /** Which of these keys still stand. */
  standing: (keyIds: string[]) => Promise<Set<string>>
  isServing: () => boolean
  heartbeatMs: number
  onFault: (error: unknown) => void
}

/** An event as a stream has it (WHATWG HTML, 9.2). Without a name, so that kinds that are added are heard too. */
const written = ({ seq, change }: Told): string => `id: ${cursorOf(seq)}\ndata: ${JSON.stringify(change)}\n\n`

export function changeStream({ feed, standing, isServing, heartbeatMs, onFault }: Dependencies) {
  /** All that are connected, and of them those that have had everything up to `position`. */
  const all = new Set<Listener>()
  const live = new Set<Listener>()
  let position = 0
  let looking: Promise<void> | undefined
  let isEnded = false

  function end(listener: Listener): void {
    leave(listener)
    listener.raw.end()
  }

  function leave(listener: Listener): void {
    all.delete(listener)
    live.delete(listener)
  }

  function send(listener: Listener, text: string | Buffer): void {
    if (listener.raw.writableLength <= WAITING_BYTES_MAX) {
      listener.raw.write(text)
      return
    }
    leave(listener)
    listener.raw.destroy()
  }

  function broadcast(told: Told[]): void {
    const first = told[0]
    const last = told.at(-1)
    if (!first || !last) return
    const whole = Buffer.from(told.map(written).join(''))
    position = last.seq
    for (const listener of live) {
      // One that has caught up by itself may be ahead of the others.
      const rest = listener.position < first.seq ? whole : lacking(told, listener)
      listener.position = Math.max(listener.position, last.seq)
      if (rest.length > 0) send(listener, rest)
    }
  }

  const lacking = (told: Told[], listener: Listener): string =>
    told
      .filter(({ seq }) => seq > listener.position)
      .map(written)
      .join('')

  function beat(): void {
    for (const listener of all) {
      // Nothing left since the last heartbeat: it is gone, or does not read.
      if (listener.raw.destroyed || (listener.isSlow && listener.raw.writableNeedDrain)) {
        leave(listener)
        listener.raw.destroy()
        continue
      }
      listener.isSlow = listener.raw.writableNeedDrain
      if (live.has(listener)) send(listener, ':\n\n')
    }
  }

  async function dropRevoked(): Promise<void> {
    const keyed = [...all].filter(({ keyId }) => keyId !== undefined)
    if (keyed.length === 0) return
    const good = await standing([...new Set(keyed.flatMap(({ keyId }) => keyId ?? []))])
    for (const listener of keyed) if (!good.has(listener.keyId ?? '')) end(listener)
  }

  /** Runs as long as somebody is there. */
  async function look(): Promise<void> {
    const beatEvery = Math.max(1, Math.round(heartbeatMs / LOOK_EVERY_MS))
    for (let looks = 1; all.size > 0 && isServing() && !isEnded; looks++) {
      try {
        if (looks % KEYS_EVERY === 0) await dropRevoked()
        let told: Told[] = []
        do {
          told = live.size === 0 ? [] : await feed.after(position, PAGE)
          broadcast(told)
          await loopTurn()
        } while (told.length === PAGE)
      } catch (error) {
        // The database is away, as a rule: they wait, and heartbeats go on.
        onFault(error)
      }
      if (looks % beatEvery === 0) beat()
      await sleep(LOOK_EVERY_MS)
    }
    for (const listener of all) end(listener)
    looking = undefined
  }

  /** Sends what a listener lacks, page by page as it takes them, until it is with the others. */
  async function catchUp(listener: Listener, first: Told[]): Promise<void> {
    let told = first
    while (all.has(listener)) {
      const text = told.map(written).join('')
      listener.position = told.at(-1)?.seq ?? listener.position
      if (text !== '' && !listener.raw.write(text)) await drained(listener.raw)
      // Nothing is awaited between this and the joining.
      if (live.size === 0) position = Math.max(position, listener.position)
      if (told.length < PAGE && listener.position >= position) {
        live.add(listener)
        return
      }
      told = await feed.after(listener.position, PAGE)
    }
  }

  return {
    count: (): number => all.size,

    /**
     * Sends all events after number `from` to `raw`, whose head is written here, until one of the two ends it. `first` are
     * the first of them, as the caller has read them.
     */
    listen(
      raw: ServerResponse,
      { from, first, keyId }: { from: number; first: Told[]; keyId: string | undefined },
    ): void {
      // Gone while the database was asked: it has no "close" to come, by which it would be let go.
      if (raw.destroyed) return
      const listener: Listener = { raw, position: from, keyId, isSlow: false }
      all.add(listener)
      raw.once('close', () => leave(listener))
      // The id goes first, so that also one that has had no event yet goes on from here.
      raw.write(`retry: ${RETRY_MS}\nid: ${cursorOf(from)}\n\n`)
      catchUp(listener, first).catch((error: unknown) => {
        onFault(error)
        end(listener)
      })
      looking ??= look()
    },

    /** Ends all of them: they come back to whoever serves then. */
    async end(): Promise<void> {
      isEnded = true
      for (const listener of all) end(listener)
      await looking
    },
  }
}

/** When what was written has left. A listener that takes too long for it, or is gone, is let go. */
async function drained(raw: ServerResponse): Promise<void> {
  const [done, cancel] = [Promise.withResolvers<void>(), new AbortController()]
  raw.once('drain', done.resolve)
  raw.once('close', done.resolve)
  const late = sleep(PAGE_MS_MAX, undefined, { signal: cancel.signal }).then(
    () => raw.destroy(),
    () => undefined,
  )
  await done.promise
  cancel.abort()
  raw.off('drain', done.resolve)
  raw.off('close', done.resolve)
  await late
}
