import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import request, { type Test } from 'supertest'
import { afterAll } from 'vitest'
import type { Role } from '../../src/access/schema.ts'
import { buildApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'
import { type Ids, newId } from '../../src/shared/ids.ts'
import { conform } from './conform.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

export interface TestClock {
  now: () => string
  /** Lets time pass. */
  pass: (ms: number) => void
}

/** Time that stands still between calls, but for the millisecond that each look takes: no two instants are the same. */
export function testClock(start = '2026-11-22T12:00:00.000Z'): TestClock {
  let ms = Date.parse(start)
  return {
    now: () => new Date(ms++).toISOString(),
    pass: (by) => {
      ms += by
    },
  }
}

interface Options {
  settings?: Record<string, string>
  database?: TestDatabase
  clock?: TestClock
  ids?: Ids
  /** Gets every line of the log. */
  onLog?: (line: string) => void
}

/** Where files wait that tests send to be imported. */
const uploads = join(tmpdir(), 'dateline-test-uploads')

interface Documents {
  delivery: object
  editorial: object
}
const documentsMade = new Map<string, Documents>()

/** The documents of an app, made once for all apps with the same settings: making them takes longer than all else of a start. */
function documentsOf({ DATABASE_URL: _, ...settings }: Config, make: Record<keyof Documents, () => object>): Documents {
  const key = JSON.stringify(settings)
  const made = documentsMade.get(key) ?? { delivery: make.delivery(), editorial: make.editorial() }
  documentsMade.set(key, made)
  return made
}

export type TestApp = Awaited<ReturnType<typeof startApp>>

/**
 * A running Dateline on a database of its own. Every answer to a call is checked against the OpenAPI document of its
 * door, so that each HTTP test is a test of the documents too.
 */
export async function startApp({ settings = {}, database, clock = testClock(), ids = newId, onLog }: Options = {}) {
  const own = database ?? (await freshDatabase())
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: own.url, IMPORT_FOLDER: uploads, ...settings })
  const connections = {
    url: own.url,
    connectionsMax: config.DATABASE_CONNECTIONS,
    statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
  }
  const db = await openDatabase(connections, () => undefined)
  const logger = onLog ? pino({ level: 'info' }, { write: onLog }) : pino({ level: 'silent' })
  const built = buildApp({ config, db, clock, ids, logger })
  await built.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = built.app.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const documents = documentsOf(config, built.documents)

  const call = (
    method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options',
    path: string,
    key?: string,
  ): Test => {
    const test = request(origin)[method](path)
    if (key !== undefined) test.set('authorization', `Bearer ${key}`)
    // As it sends with all others by itself.
    if (method === 'head') test.set('accept-encoding', 'gzip, deflate')
    return test.expect((response) => conform(documents, method, path, response))
  }

  /** The calls of somebody with a key of this role; nobody's without one. */
  const as = (key?: string) => ({
    key,
    get: (path: string) => call('get', path, key),
    head: (path: string) => call('head', path, key),
    options: (path: string) => call('options', path, key),
    post: (path: string, body?: object) => sent(call('post', path, key), body),
    put: (path: string, body: object, ifMatch?: number | string) =>
      sent(matching(call('put', path, key), ifMatch), body),
    patch: (path: string, body: object, ifMatch?: number | string) =>
      sent(matching(call('patch', path, key), ifMatch), body),
    delete: (path: string, ifMatch?: number | string) => matching(call('delete', path, key), ifMatch),
    /** A body as it is, byte by byte, instead of JSON made of an object. */
    raw: (
      method: 'post' | 'put' | 'patch',
      path: string,
      bytes: string | Buffer,
      fields: Record<string, string> = {},
    ) =>
      call(method, path, key)
        .set({ 'content-type': 'application/json', ...fields })
        .serialize((body) => body)
        .send(bytes),
    /** A POST that changes something that exists. */
    change: (path: string, ifMatch: number | string, body?: object) =>
      sent(matching(call('post', path, key), ifMatch), body),
  })
  const withRole = async (role: Role, name = `The ${role}`) => as((await built.services.access.create(name, role)).key)

  const stop = async () => {
    await built.app.close()
    await db.close()
    if (database === undefined) await own.drop()
  }
  afterAll(stop)
  return { ...built, db, clock, config, origin, port, documents, as, withRole, nobody: as(), stop, url: own.url }
}

const sent = (test: Test, body: object | undefined): Test => (body === undefined ? test : test.send(body))
const matching = (test: Test, version: number | string | undefined): Test =>
  version === undefined ? test : test.set('if-match', typeof version === 'number' ? `"${version}"` : version)
