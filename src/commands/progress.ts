import { SingleBar } from 'cli-progress'
import { systemClock } from '../shared/clock.ts'

/** How often a line is written where there is no terminal. */
const LINE_EVERY_MS = 5_000

/** What is told while something long goes on: a bar on a terminal, else a line now and then, to stderr. */
export interface Progress {
  /** So much more of the whole is done. */
  advance: (by: number) => void
  /** So many things are done. */
  count: (by: number) => void
  stop: () => void
}

const KNOWN = '{bar} {percentage} % | {many} {things} | {rate} | {eta_formatted} left'
const UNKNOWN = '{many} {things} | {rate}'

/** `total` is in whatever `advance` counts; 0 where nobody knows it: then no share of it is told. */
export function progressOf(total: number, things: string): Progress {
  let done = 0
  let many = 0
  const now = () => Date.parse(systemClock.now())
  const started = now()
  const seconds = () => (now() - started) / 1_000
  const rate = () => `${Math.round(many / Math.max(seconds(), 0.001))} ${things}/s`
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      format: total === 0 ? UNKNOWN : KNOWN,
      stream: process.stderr,
      clearOnComplete: true,
    })
    bar.start(Math.max(total, 1), 0, { many: 0, rate: '', things })
    const show = () => bar.update(Math.min(done, total), { many, rate: rate() })
    return {
      advance: (by) => {
        done += by
      },
      count: (by) => {
        many += by
        show()
      },
      stop: () => bar.stop(),
    }
  }
  const line = () => {
    const share = total === 0 ? '' : `${Math.floor((Math.min(done, total) / total) * 100)} %, `
    process.stderr.write(`${share}${many} ${things}, ${rate()}\n`)
  }
  const timer = setInterval(line, LINE_EVERY_MS)
  timer.unref()
  return {
    advance: (by) => {
      done += by
    },
    count: (by) => {
      many += by
    },
    stop: () => clearInterval(timer),
  }
}
