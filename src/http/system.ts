import { Problem } from '../shared/problem.ts'
import type { App } from './operation.ts'

interface System {
  version: string
  /** Throws when the database does not answer. */
  ping: () => Promise<void>
  /** False from the moment on when the process was asked to end. */
  isServing: () => boolean
}

/** A check must answer before whoever asks gives up, also when the database hangs. */
const PING_TIMEOUT_MS = 2_000

/** What this is, and how it is: for people who open the address, and for those who watch over it. */
export function systemRoutes(app: App, { version, ping, isServing }: System): void {
  app.get('/', { schema: { hide: true } }, async () => ({
    name: 'Dateline',
    description: 'A headless CMS for newsrooms: articles and headline links over HTTP',
    version,
    articles: '/v1/articles',
    editorial: '/v1/editorial/articles',
    reference: '/docs/',
    openapi: { delivery: '/openapi/delivery.json', editorial: '/openapi/editorial.json' },
    health: '/health/ready',
  }))

  app.get('/health/live', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'live' }
  })

  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (!isServing()) throw notReady('The server is ending.')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The database has not answered for ${PING_TIMEOUT_MS} ms`)),
        PING_TIMEOUT_MS,
      )
    })
    try {
      await Promise.race([ping(), late])
    } catch (cause) {
      throw notReady('The database does not answer.', cause)
    } finally {
      clearTimeout(timer)
    }
    return { status: 'ready' }
  })
}

const notReady = (detail: string, cause?: unknown) =>
  new Problem('unavailable', detail, { cause, headers: { 'retry-after': '2' } })
