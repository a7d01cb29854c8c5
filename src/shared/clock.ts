/** Time as the program sees it. Instants are ISO 8601 UTC strings with milliseconds, which sort as text. */
export interface Clock {
  now(): string
}

/** Each request asks several times in one millisecond: its text is made once. */
let lastMs = 0
let last = ''
export const systemClock: Clock = {
  now() {
    const ms = Date.now()
    if (ms !== lastMs) last = new Date(ms).toISOString()
    lastMs = ms
    return last
  },
}

/** An instant so many milliseconds after another; before it, for less than none. */
export const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString()

/** `liveUntil` of what has no end. Sorts after every real instant on both engines. */
export const FOREVER = '9999-12-31T23:59:59.999Z'

/** Begins to measure: how many milliseconds have passed since. */
export function stopwatch(): () => number {
  const from = performance.now()
  return () => performance.now() - from
}
