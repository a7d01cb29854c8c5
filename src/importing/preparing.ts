import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Prepared, preparedOf } from './ready.ts'
import type { Placed, Unread } from './records.ts'

// Records are made ready on the other cores, while this one writes: to convert a text and to render it takes longer than to store
// it. They come back in the order in which they went.

export interface Preparing {
  /** `length` is that of its text. */
  prepare: (part: Placed | Unread, length: number) => Promise<Prepared>
  end: () => Promise<void>
}

/** So many records are on their way, and so much text: enough for the time in which this thread writes. */
export const AHEAD = 200
export const LENGTH_AHEAD = 4_000_000

/** The first few small records are made ready by this thread: to start others takes longer. */
const FEW = 10
const SMALL = 50_000

/** No more, as each has all parsers in memory, and beyond that storing is what takes longest. */
const THREADS_MAX = 4
/** Texts are short-lived: with more room for them they are cleared away no quicker. */
const YOUNG_MB = 24

/** One for each core but one, which a server needs for its readers. */
export const sparingThreads = (): number => Math.min(THREADS_MAX, Math.max(1, availableParallelism() - 1))

/** One for each core: to convert takes longer than to store, so that this thread often waits. */
export const allThreads = (): number => Math.min(THREADS_MAX, availableParallelism())

/** Workers that make records ready. They are started once there is something to do for them, as many imports have a few records only. */
export function preparing(languageDefault: string, many: number): Preparing {
  const workers: Worker[] = []
  const waiting = new Map<number, { resolve: (prepared: Prepared) => void; reject: (error: Error) => void }>()
  let next = 0
  let few = 0

  function start(): void {
    for (let n = 0; n < many; n++) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { languageDefault },
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      })
      worker.on('message', ({ id, prepared }: { id: number; prepared: Prepared }) => {
        waiting.get(id)?.resolve(prepared)
        waiting.delete(id)
      })
      worker.on('error', (error: Error) => {
        for (const each of waiting.values()) each.reject(error)
        waiting.clear()
      })
      workers.push(worker)
    }
  }

  return {
    prepare: (part, length) => {
      if (workers.length === 0 && length < SMALL && few++ < FEW) return preparedOf(part, languageDefault)
      return new Promise((resolve, reject) => {
        if (workers.length === 0) start()
        const id = next++
        waiting.set(id, { resolve, reject })
        workers[id % workers.length]?.postMessage({ id, part })
      })
    },
    end: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
