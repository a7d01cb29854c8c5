import Sqlite from 'better-sqlite3'
import Fastify from 'fastify'

// What ours is measured against, as a process of its own: Fastify alone, Fastify with one look at SQLite, and with one commit. It is told
// by BENCH_STORED which database it has, with one row for each answer that ours gives.

const db = new Sqlite(process.env.BENCH_STORED ?? '')
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
const stored = db.prepare<[string], { json: string }>('select json from stored where slug = ?')
const insert = db.prepare<[string]>('insert into written (json) values (?)')
const constant = Buffer.from(db.prepare<[], { json: string }>('select json from stored limit 1').get()?.json ?? '')

const app = Fastify()
app.get('/constant', async (_request, reply) => reply.type('application/json; charset=utf-8').send(constant))
app.get<{ Params: { slug: string } }>('/stored/:slug', async ({ params }, reply) => {
  const found = stored.get(params.slug)
  if (found === undefined) return reply.code(404).send()
  return reply.type('application/json; charset=utf-8').send(found.json)
})
app.post('/rows', async ({ body }, reply) => {
  insert.run(JSON.stringify(body))
  return reply.code(201).send({ done: true })
})
app.get('/health/ready', async () => ({ status: 'ok' }))
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.on('SIGTERM', () => process.exit(0))
