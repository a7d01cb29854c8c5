import { type Clock, later } from './clock.ts'

// Work is somebody's for as long as that is said again and again: who has died, or stands still, is not waited for.

interface Held {
  clock: Clock
  /** For how long others leave it to who has it. */
  leaseMs: number
  /** How often it is said that it still is. */
  everyMs: number
  /** Says it until then, or answers that it is somebody else's now. */
  renew: (until: string) => Promise<boolean>
}

/** Keeps what was just taken, until `end`. */
export function holding({ clock, leaseMs, everyMs, renew }: Held) {
  let until = later(clock.now(), leaseMs)
  let isLost = false
  let turn: Promise<void> | undefined
  const say = async () => {
    const next = later(clock.now(), leaseMs)
    if (await renew(next)) until = next
    else isLost = true
  }
  const timer = setInterval(() => {
    // What fails is said again; nobody takes it before its time is over.
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
