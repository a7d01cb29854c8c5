import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../shared/problem.ts'

// Long polls: a question that is asked again when there may be an answer. One look at the log for all who wait.

/** How often the log is looked at while somebody waits, and how many may wait at a time. */
const LOOK_EVERY_MS = 250
const WAITING_MAX = 500

interface Room {
  /** The number of the newest event of those that are waited for. */
  newest: () => Promise<number>
  isServing: () => boolean
}

/** Somebody who waits. */
interface Waiter {
  /** The newest event when it was last woken; undefined before the first look. */
  seen: number | undefined
  /** Whether something has come since it last asked. */
  isNews: boolean
  wake: () => void
}

/** One for all that wait for the same events, as they share a limit. */
export function waitingRoom({ newest, isServing }: Room) {
  const waiting = new Set<Waiter>()
  let isLooking = false

  /** Runs as long as somebody waits. Wakes them at each look, but only what is new is a reason to ask again. */
  async function look(): Promise<void> {
    isLooking = true
    while (waiting.size > 0) {
      await sleep(LOOK_EVERY_MS)
      // Where the database is away, whoever waits asks it, and is told.
      const last = await newest().catch(() => undefined)
      for (const waiter of waiting) {
        if (last === undefined || waiter.seen !== last) waiter.isNews = true
        waiter.seen = last
        waiter.wake()
      }
    }
    isLooking = false
  }

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
    if (waiting.size >= WAITING_MAX) {
      throw new Problem('unavailable', 'Too many are waiting. Ask again in a moment, or without `wait`.', {
        headers: { 'retry-after': '2' },
      })
    }
    const waiter: Waiter = { seen: undefined, isNews: false, wake: () => undefined }
    let isOver = false
    const end = setTimeout(() => {
      isOver = true
      waiter.wake()
    }, seconds * 1_000)
    waiting.add(waiter)
    if (!isLooking) void look()
    try {
      while (found.length === 0 && !isOver && isServing() && isThere()) {
        await new Promise<void>((resolve) => {
          waiter.wake = resolve
        })
        while (waiter.isNews && found.length === 0) {
          waiter.isNews = false
          found = await find()
        }
      }
    } finally {
      waiting.delete(waiter)
      clearTimeout(end)
    }
    return found
  }
}
