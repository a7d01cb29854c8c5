import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Newsroom } from './data.ts'
import type { Load, Loaded } from './load.ts'
import { type Server, startLoad, startOurs, startServer } from './processes.ts'
import * as rows from './rows.ts'
import type { Used } from './watched.ts'

// One newsroom, measured: rounds in which each row has its turn, so that whatever slows the machine down slows all of them.

export interface Row {
  perSecond: number
  /** Processor time of the server for each request: what other work on the machine hardly changes. */
  cpuUs: number
  p50Ms: number
  p99Ms: number
  /** The same with one connection. */
  aloneP50Ms: number
  aloneP99Ms: number
  bytes: number
  delayP99Ms: number
  rssMb: number
  statements?: number
}
export type Measured = Record<string, Row[]>

export interface Rounds {
  rounds: number
  /** How long a row has its turn, with many connections and with one. */
  manyMs: number
  aloneMs: number
}
export const CONNECTIONS = 32

interface Once {
  loaded: Loaded
  used: Used
}

interface Turn {
  server: Server
  /** Once for each round, as what is published cannot be published again. */
  requests: () => Promise<rows.Requests> | rows.Requests
  /** How many things one request does. */
  each?: number
  /** Writes are counted, and not broken off in the middle: how many with many connections, and with one. */
  amounts?: { many: number; alone: number }
  /** How many connections are many. */
  connections?: number
}

/** Our answers as (b) has them stored. */
async function store(file: string, ours: Server, { sample }: Newsroom): Promise<string[]> {
  const db = new Sqlite(file)
  db.exec('create table stored (slug text primary key, json text not null) without rowid')
  db.exec('create table written (id integer primary key, json text not null)')
  const insert = db.prepare('insert into stored (slug, json) values (?, ?)')
  const tags: string[] = []
  for (const { slug } of sample) {
    const response = await fetch(`${ours.origin}/v1/articles/${slug}`, { headers: { 'accept-encoding': 'identity' } })
    if (!response.ok) throw new Error(`${slug}: ${response.status}`)
    insert.run(slug, await response.text())
    tags.push(response.headers.get('etag') ?? '')
  }
  db.close()
  return tags
}

/** `names` are those of the rows that are wanted; all where it is left out. */
export async function measure(newsroom: Newsroom, folder: string, how: Rounds, names?: string[]): Promise<Measured> {
  const ours = await startOurs(newsroom.url)
  const file = join(folder, `stored-${Date.now()}.db`)
  const tags = await store(file, ours, newsroom)
  const bare = await startServer('tests/bench/bare.ts', { BENCH_STORED: file })
  const load = startLoad()
  try {
    const turns = turnsOf(newsroom, ours, bare, tags)
    const wanted = Object.entries(turns).filter(([name]) => names === undefined || names.includes(name))
    const measured: Measured = Object.fromEntries(wanted.map(([name]) => [name, []]))
    const once = async (turn: Turn, more: Pick<Load, 'connections' | 'ms' | 'amount'>, tries = 3): Promise<Once> => {
      const requests = await turn.requests()
      // Each is asked once before, as what was written meanwhile has had all forgotten that is kept.
      if (more.amount === undefined)
        await load.run({ origin: turn.server.origin, requests, connections: 1, amount: requests.length })
      await turn.server.used()
      const loaded = await load.run({ origin: turn.server.origin, requests, ...more })
      if (Object.keys(loaded.faults).length > 0) {
        // On a machine that stands still for seconds the load takes that for the server's fault.
        if (tries > 1) return once(turn, more, tries - 1)
        throw new Error(JSON.stringify(loaded.faults))
      }
      return { loaded, used: await turn.server.used() }
    }
    for (let round = -1; round < how.rounds; round++) {
      for (const [name, turn] of wanted) {
        const each = turn.each ?? 1
        // The first round is for compilers and caches.
        const { connections = CONNECTIONS, amounts } = turn
        const many = await once(turn, {
          connections,
          ...(amounts ? { amount: amounts.many } : { ms: round < 0 ? 400 : how.manyMs }),
        })
        if (round < 0) continue
        const alone = await once(turn, {
          connections: 1,
          ...(amounts ? { amount: amounts.alone } : { ms: how.aloneMs }),
        })
        measured[name]?.push({
          perSecond: many.loaded.perSecond * each,
          cpuUs: (many.used.cpuMs * 1_000) / many.loaded.requests / each,
          p50Ms: many.loaded.p50Ms,
          p99Ms: many.loaded.p99Ms,
          aloneP50Ms: alone.loaded.p50Ms,
          aloneP99Ms: alone.loaded.p99Ms,
          bytes: many.loaded.bytes,
          delayP99Ms: many.used.delayP99Ms,
          rssMb: many.used.rssBytes / 1_048_576,
        })
      }
    }
    for (const [name, turn] of wanted) {
      if (turn.server !== ours) continue
      const requests = await turn.requests()
      const request = requests[Math.floor(requests.length / 2)]
      const statements = await statementsOf(ours, request as rows.Requests[number])
      for (const row of measured[name] ?? []) row.statements = statements
    }
    return measured
  } finally {
    await Promise.all([ours.end(), bare.end(), load.end()])
  }
}

/** The fewest of some tries, as the clock looks into the database too, a few times a second. */
async function statementsOf(server: Server, { method, path, headers = {}, body }: rows.Requests[number]) {
  const counts: number[] = []
  for (let n = 0; n < 7; n++) {
    await server.count()
    const response = await fetch(server.origin + path, {
      method,
      headers,
      ...(body !== undefined && { body: body.replaceAll('#n#', `counted ${n}`) }),
    })
    await response.arrayBuffer()
    counts.push((await server.used()).statements)
  }
  return Math.min(...counts)
}

const WRITES = { many: 128, alone: 32 }

function turnsOf(newsroom: Newsroom, ours: Server, bare: Server, tags: string[]): Record<string, Turn> {
  const of = (server: Server, all: Record<string, rows.Requests>, more: Partial<Turn> = {}) =>
    Object.fromEntries(
      Object.entries(all).map(([name, requests]) => [name, { server, requests: () => requests, ...more }]),
    )
  const headers = rows.withKey(newsroom)
  const ids = newsroom.sample.map(({ id }) => id)
  const writes = { 'POST of an article': rows.creating(headers), 'PATCH of one': rows.changing(headers, ids) }
  return {
    ...of(bare, rows.bareReads(newsroom)),
    ...of(ours, rows.reads(newsroom, tags)),
    ...of(bare, rows.bareWrites(), { amounts: { many: 512, alone: 128 } }),
    ...of(ours, writes, { amounts: WRITES }),
    'an article published': {
      server: ours,
      requests: async () => rows.publishing(headers, await draftsOn(ours, headers)),
      amounts: WRITES,
    },
    'one of a batch of 100': {
      ...{ server: ours, requests: () => rows.batchOf(headers, 100), each: 100 },
      ...{ connections: 1, amounts: { many: 2, alone: 1 } },
    },
  }
}

/** New articles, as many as are published in one turn. */
async function draftsOn({ origin }: Server, headers: Record<string, string>): Promise<string[]> {
  const [batch] = rows.batchOf(headers, 64)
  const ids: string[] = []
  while (ids.length < WRITES.many) {
    const body = batch?.body?.replaceAll('#n#', () => String(Math.random())) ?? ''
    const response = await fetch(`${origin}${batch?.path}`, { method: 'POST', headers, body })
    const { results } = (await response.json()) as { results: { body: { id: string } }[] }
    ids.push(...results.map(({ body }) => body.id))
  }
  return ids
}
