import { parentPort, workerData } from 'node:worker_threads'
import { preparedOf } from './ready.ts'
import type { Placed, Unread } from './records.ts'

// The other end of preparing.ts, in a thread of its own.

const { languageDefault } = workerData as { languageDefault: string }

parentPort?.on('message', async ({ id, part }: { id: number; part: Placed | Unread }) => {
  parentPort?.postMessage({ id, prepared: await preparedOf(part, languageDefault) })
})
