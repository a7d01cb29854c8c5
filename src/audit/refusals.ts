import { type Refusal, TOO_MANY } from './schema.ts'

// Refusals wait here until they are written, so that they cost the one who is refused nothing, and the database little
// however many there are. Anybody can send a wrong key: so many a minute have a row, the others are counted in one.

/** Rows a minute on one node, for keys that are nobody's; and as many for keys that may not do what they ask for. */
export const REFUSALS_A_MINUTE = 30
/** While the database is away no more than these are kept. */
const WAITING_MAX = 1_000
const MINUTE_MS = 60_000

export function refusalBook() {
  const waiting: Refusal[] = []
  let since = ''
  let noted = { known: 0, unknown: 0 }
  let beyond = 0

  /** Begins another minute, with a row for what was too much for the one before. A clock may be set back. */
  function turn(now: string, requestId: string): void {
    const isOver = since === '' || now < since || Date.parse(now) - Date.parse(since) >= MINUTE_MS
    if (isOver) begin(now, requestId)
  }

  function begin(now: string, requestId: string): void {
    if (beyond > 0) waiting.push({ at: now, actor: null, requestId, action: TOO_MANY, times: beyond })
    since = now
    noted = { known: 0, unknown: 0 }
    beyond = 0
  }

  return {
    note(refusal: Omit<Refusal, 'times'>): void {
      turn(refusal.at, refusal.requestId)
      const kind = refusal.actor === null ? 'unknown' : 'known'
      if (noted[kind] >= REFUSALS_A_MINUTE || waiting.length >= WAITING_MAX) beyond++
      else {
        noted[kind]++
        waiting.push({ ...refusal, times: 1 })
      }
    },

    /** What is to be written now; at the end of the process all that there is. */
    take(now: string, requestId: string, isEnd: boolean): Refusal[] {
      if (isEnd) begin(now, requestId)
      else if (beyond > 0) turn(now, requestId)
      return waiting.splice(0)
    },

    /** Keeps what could not be written. */
    putBack: (refusals: Refusal[]) => waiting.unshift(...refusals),
  }
}
