import { parentPort } from 'node:worker_threads'
import type { ArticleRecord } from './formats/format.ts'
import { preparedOf } from './ready.ts'

// The other end of preparing.ts, in a thread of its own.

parentPort?.on('message', ({ id, record }: { id: number; record: ArticleRecord }) => {
  parentPort?.postMessage({ id, prepared: preparedOf(record) })
})
