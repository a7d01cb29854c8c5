import cluster, { type Worker } from 'node:cluster'

/** After how long another takes the place of one that has died: one that cannot start must not be started anew all the time. */
const AGAIN_MS = 1_000

interface Several {
  many: number
  /** How long they may take to end. */
  totalMs: number
  onDeath: (worker: Worker, how: string) => void
  /** The first of them listens. */
  onReady: () => void
}

/**
 * Runs this program as several processes that share the port, and starts another for each that dies. On SIGTERM or SIGINT they end as
 * one process does; answers when all have.
 */
export function runSeveral({ many, totalMs, onDeath, onReady }: Several): Promise<void> {
  // Each takes its connections itself: what this process hands to one that dies at that moment would hang for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  let isEnding = false
  return new Promise((resolve) => {
    for (let n = 0; n < many; n++) cluster.fork()
    const listening = new Set<number>()
    cluster.on('listening', ({ id }) => listening.add(id))
    cluster.once('listening', onReady)
    cluster.on('exit', (worker, code, signal) => {
      if (isEnding) {
        if (Object.keys(cluster.workers ?? {}).length === 0) resolve()
        return
      }
      onDeath(worker, signal ?? `exit code ${code}`)
      const hasListened = listening.delete(worker.id)
      setTimeout(
        () => {
          if (!isEnding) cluster.fork()
        },
        hasListened ? 0 : AGAIN_MS,
      )
    })
    const end = (signal: NodeJS.Signals) => {
      if (isEnding) return
      isEnding = true
      for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
      setTimeout(() => {
        for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
      }, totalMs + 3_000).unref()
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })
}
