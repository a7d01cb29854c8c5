import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import type { EventKind, EventPayload } from '../../src/events/schema.ts'
import type { TestApp } from './app.ts'

/** A request as a receiver got it. */
export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** What a message says of itself; empty for what is no JSON. */
  type: string
  seq: number
  subject: string
}
type Answer = (received: Received, response: ServerResponse) => unknown

/** A server that notes what it gets, and answers as `answer` says: 204 at first. */
export async function startReceiver() {
  const received: Received[] = []
  const state = { answer: ((_received, response) => response.writeHead(204).end()) as Answer, open: 0, mostOpen: 0 }
  const server = createServer((request, response) => {
    state.mostOpen = Math.max(state.mostOpen, ++state.open)
    response.once('close', () => state.open--)
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      const said = body.startsWith('{') ? JSON.parse(body) : {}
      const each: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        type: said.type ?? '',
        seq: said.data?.seq ?? 0,
        subject: said.data?.subject?.id ?? '',
      }
      received.push(each)
      state.answer(each, response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    ids: () => received.map(({ headers }) => String(headers['webhook-id'])),
    /** The most requests that were open at once. */
    mostOpen: () => state.mostOpen,
    answerWith: (answer: Answer | number) => {
      state.answer = typeof answer === 'number' ? (_each, response) => response.writeHead(answer).end() : answer
    },
  }
}

/** For webhooks to servers of the tests. */
export const OPEN = { WEBHOOK_HTTP: 'on', WEBHOOK_HOSTS_ALLOWED: '127.0.0.1', CACHE_TAGS: 'surrogate-key' }
export const WEBHOOKS = '/v1/editorial/webhooks'

export interface TestEvent {
  kind?: EventKind
  id?: string
  payload?: EventPayload
}

/** Appends events of articles to the log, as a write does. */
export const happen = ({ db, services }: Pick<TestApp, 'db' | 'services'>, ...events: TestEvent[]): Promise<void> =>
  db.write((tx) =>
    services.events.appendIn(
      tx,
      events.map(({ kind = 'article.updated', id = 'one', payload = {} }) => ({
        kind,
        subjectKind: kind.split('.')[0] === 'desk' ? (kind.split('.')[1] ?? '') : (kind.split('.')[0] ?? ''),
        subjectId: id,
        payload,
      })),
    ),
  )
