import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Prepared } from './ready.ts'
import type { Placed, Unread } from './records.ts'

// Records are made ready on the other cores, while this one writes: to convert a text and to render it takes longer than to store
// it. They come back in the order in which they went.

export interface Preparing {
  prepare: (part: Placed | Unread) => Promise<Prepared>
  end: () => Promise<void>
}

/** So many records are on their way, and so much text: enough for the time in which this thread writes. */
export const AHEAD = 150
export const LENGTH_AHEAD = 16_000_000

/** One for each core but this one's, and no more than four: each has all parsers in memory, and beyond that storing is what takes longest. */
const others = (): number => Math.min(4, Math.max(1, availableParallelism() - 1))

/** Workers that make records ready. They are started with the first record, as many imports have a few only. */
export function preparing(languageDefault: string, many = others()): Preparing {
  const workers: Worker[] = []
  const waiting = new Map<number, { resolve: (prepared: Prepared) => void; reject: (error: Error) => void }>()
  let next = 0

  function start(): void {
    for (let n = 0; n < many; n++) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { languageDefault } })
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
    prepare: (part) =>
      new Promise((resolve, reject) => {
        if (workers.length === 0) start()
        const id = next++
        waiting.set(id, { resolve, reject })
        workers[id % workers.length]?.postMessage({ id, part })
      }),
    end: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
