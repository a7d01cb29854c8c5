import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { holdServer, makeKey, type Server } from '../support/process.ts'
import { raw } from '../support/raw.ts'

const CLIENTS = 30

describe('a server that is asked to end', () => {
  let database: TestDatabase
  let key: string
  let held: ReturnType<typeof holdServer>
  let server: Server
  let made = 0
  // Only the last test, the sixth, waits for the time to be up: in the others, waiting for it is failing.
  const hold = () => holdServer({ DATABASE_URL: database.url, SHUTDOWN_TIMEOUT_MS: ++made === 6 ? '3500' : '100000' })
  beforeAll(async () => {
    database = await freshDatabase()
    key = await makeKey(database.url, 'editor')
    held = hold()
  })
  beforeEach(async () => {
    server = await held.start()
    held = hold()
  })
  afterAll(() => database.drop())

  it.each([true, false])('answers everything that was sent, and resets nobody (keep-alive: %s)', async (keepAlive) => {
    const outcomes: string[] = []
    const clients = Array.from({ length: CLIENTS }, async (_, at) => {
      const agent = new Agent({ keepAlive, maxSockets: 1 })
      for (let turn = 0; ; turn++) {
        const isWrite = (turn + at) % 3 === 0
        const outcome = await (isWrite
          ? ask(agent, server.port, '/v1/editorial/articles', key, { headline: `${at} ${turn}`, publish: true })
          : ask(agent, server.port, '/v1/articles?limit=5'))
        outcomes.push(outcome)
        if (outcome === 'ECONNREFUSED') break
      }
      agent.destroy()
    })
    while (outcomes.length < 10 * CLIENTS) await sleep(5)
    const before = outcomes.length
    const ended = server.kill('SIGTERM')
    await Promise.all(clients)
    expect((await ended).code).toBe(0)
    const kinds = Object.groupBy(outcomes, (outcome) => outcome)
    expect(Object.keys(kinds).sort()).toEqual(['200', '201', 'ECONNREFUSED'])
    expect(kinds.ECONNREFUSED).toHaveLength(CLIENTS)
    // Those on their way when the signal came are among the answered.
    expect(outcomes.length - CLIENTS).toBeGreaterThan(before)
  })

  it('says on a connection that stands that it is not ready, and closes it after the answer', async () => {
    const client = raw(server.port)
    const ready = 'GET /health/ready HTTP/1.1\r\nHost: dateline\r\n\r\n'
    client.write(ready)
    expect(await client.heard(/"ready"}$/)).toMatch(/^HTTP\/1.1 200 /)
    const ended = server.kill('SIGTERM')
    await server.found(/"ending: /)
    client.write(ready)
    const answer = await client.heard(/}$/)
    expect(answer).toMatch(/^HTTP\/1.1 503 [\s\S]*connection: close[\s\S]*"code":"unavailable"/i)
    expect(answer).toMatch(/retry-after: \d/i)
    await client.closed
    expect((await ended).code).toBe(0)
  })

  it('waits for a request of which only the first half has come, and answers it', async () => {
    const body = JSON.stringify({ headline: 'Slow Line, Good Story' })
    const head = `POST /v1/editorial/articles HTTP/1.1\r\nHost: dateline\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    const halves = [Math.floor(head.length / 2), head.length + 5].map((at) => [
      (head + body).slice(0, at),
      (head + body).slice(at),
    ])
    const clients = halves.map(([first = '']) => raw(server.port, first))
    await Promise.all(clients.map(({ socket }) => once(socket, 'connect')))
    await server.call('/health/live')
    const ended = server.kill('SIGTERM')
    await server.found(/"ending: /)
    // Longer than idle connections are kept.
    await sleep(2_200)
    const answers = clients.map((client, at) => {
      client.write(halves[at]?.[1] ?? '')
      return client.heard(/}$/)
    })
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 201 [\s\S]*connection: close/i)
    expect((await ended).code).toBe(0)
  })

  it('does not wait for connections that never say anything, and does not mind a second signal', async () => {
    await once(raw(server.port).socket, 'connect')
    await raw(server.port, 'GET /health/live HTTP/1.1\r\nHost: dateline\r\n\r\n').heard(/"live"}$/)
    server.signal('SIGTERM')
    await server.found(/"ending: /)
    server.signal('SIGINT')
    const { code, stdout, stderr } = await server.kill('SIGTERM')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.match(/"ending: /g)).toHaveLength(1)
  })

  it('cuts a request that does not come to an end when its time is up', async () => {
    raw(server.port, 'POST /v1/editorial/articles HTTP/1.1\r\nHost: dateline\r\nContent-Length: 9\r\n\r\n')
    await server.call('/health/live')
    const { code } = await server.kill('SIGTERM')
    expect(code).toBe(0)
  })
})

/** One request to its end: the status, or the code of what went wrong. */
function ask(agent: Agent, port: number, path: string, key?: string, body?: object): Promise<string> {
  return new Promise((resolve) => {
    const headers = {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const asked = request(
      { agent, host: '127.0.0.1', port, path, method: body ? 'POST' : 'GET', headers },
      (answer) => {
        answer.on('error', (error: NodeJS.ErrnoException) => resolve(`answer cut: ${error.code}`))
        answer.on('end', () => resolve(String(answer.statusCode)))
        answer.resume()
      },
    )
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    asked.end(body && JSON.stringify(body))
  })
}
