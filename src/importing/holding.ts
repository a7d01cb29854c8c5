import { type Clock, later } from '../shared/clock.ts'

// A job is somebody's for as long as that is said again and again: who has died, or stands still, is not waited for.

/** For how long others leave a job to who has it. */
export const LEASE_MS = 20_000
/** How often it is said that it still is. */
export const RENEW_MS = 5_000

interface Held {
  clock: Clock
  everyMs: number
  /** Says it until then, or answers that it is somebody else's now. */
  renew: (until: string) => Promise<boolean>
}

/** Keeps a job that was just taken, until `end`. */
export function holding({ clock, everyMs, renew }: Held) {
  let until = later(clock.now(), LEASE_MS)
  let isLost = false
  let turn: Promise<void> | undefined
  const say = async () => {
    const next = later(clock.now(), LEASE_MS)
    if (await renew(next)) until = next
    else isLost = true
  }
  const timer = setInterval(() => {
    // What fails is said again; nobody takes the job before its time is over.
    turn ??= say()
      .catch(() => undefined)
      .finally(() => {
        turn = undefined
      })
  }, everyMs)
  return {
    isOurs: (): boolean => !isLost && clock.now() < until,
    /** Nothing is said any more when this is done. */
    end: async (): Promise<void> => {
      clearInterval(timer)
      await turn
    },
  }
}
