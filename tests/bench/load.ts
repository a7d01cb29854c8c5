import autocannon from 'autocannon'

// The load, in a process of its own: asks a server by autocannon and answers how quickly it was, by times finer than the whole milliseconds
// that autocannon keeps.

export interface Load {
  origin: string
  requests: { method: 'GET' | 'POST' | 'PATCH'; path: string; body?: string; headers?: Record<string, string> }[]
  connections: number
  /** How long, or how many requests altogether. `#n#` in a body is a number of its own. */
  ms?: number
  amount?: number
}
export interface Loaded {
  perSecond: number
  requests: number
  p50Ms: number
  p99Ms: number
  bytes: number
  /** Answers by their status, where it is not what a request that is done has. */
  faults: Record<string, number>
}

let serial = Date.now() % 1e9

async function run({ origin, requests, connections, ms = 1_000, amount }: Load): Promise<Loaded> {
  const times: number[] = []
  const { promise: end, resolve: ended, reject: failed } = Promise.withResolvers<void>()
  const faults: Record<string, number> = {}
  let bytes = 0
  let first = 0
  let last = 0
  const options: autocannon.Options = {
    url: origin,
    connections,
    // Looked at as often, so that it ends when it should.
    sampleInt: 50,
    ...(amount === undefined ? { duration: ms / 1_000 } : { amount }),
    requests: requests.map((request) => ({
      ...request,
      ...(request.body?.includes('#n#') && {
        setupRequest: (given: autocannon.Request) => ({
          ...given,
          body: request.body?.replaceAll('#n#', () => String(serial++)),
        }),
      }),
    })),
  }
  const load = autocannon(options, (error) => (error ? failed(error) : ended()))
  load.on('response', (_client, status, size, took) => {
    last = performance.now()
    first ||= last - took
    times.push(took)
    bytes += size
    if (status >= 400) faults[status] = (faults[status] ?? 0) + 1
  })
  load.on('reqError', (error) => {
    faults[error.message] = (faults[error.message] ?? 0) + 1
  })
  await end
  // On a machine that is busy elsewhere, nobody may have had an answer yet.
  if (times.length < connections && amount === undefined && ms < 10_000) {
    return run({ origin, requests, connections, ms: ms * 2 })
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return {
    perSecond: (times.length * 1_000) / (last - first),
    requests: times.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    bytes: bytes / times.length,
    faults,
  }
}

process.on('message', async ({ id, load }: { id: number; load: Load }) => {
  try {
    process.send?.({ id, answer: await run(load) })
  } catch (error) {
    process.send?.({ id, error: String(error) })
  }
})
