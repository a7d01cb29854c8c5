import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../shared/problem.ts'

// Long polls: a question that is asked again until there is an answer.

/** How often somebody who waits looks again, and how many may wait at a time. */
const LOOK_EVERY_MS = 250
const WAITING_MAX = 500

/** One for all that wait, as they share a limit. */
export function waitingRoom(isServing: () => boolean) {
  let waiting = 0

  /**
   * What `find` finds, looked for again for `seconds` while it is nothing and `isThere` says that somebody still wants it.
   * Throws the problem `unavailable` where too many wait.
   */
  return async function patiently<Found>(
    find: () => Promise<Found[]>,
    seconds: number,
    isThere: () => boolean,
  ): Promise<Found[]> {
    let found = await find()
    if (found.length > 0 || seconds === 0) return found
    if (waiting >= WAITING_MAX) {
      throw new Problem('unavailable', 'Too many are waiting. Ask again in a moment, or without `wait`.', {
        headers: { 'retry-after': '2' },
      })
    }
    waiting++
    try {
      const looks = (seconds * 1_000) / LOOK_EVERY_MS
      for (let n = 0; n < looks && found.length === 0 && isServing() && isThere(); n++) {
        await sleep(LOOK_EVERY_MS)
        found = await find()
      }
    } finally {
      waiting--
    }
    return found
  }
}
