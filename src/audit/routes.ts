import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import { NDJSON } from '../http/content-types.ts'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, Page, pageLinks, pageOf } from '../http/paging.ts'
import { AuditEntry, auditFilters } from './schema.ts'
import type { AuditService } from './service.ts'

const AuditPage = z
  .strictObject({ data: z.array(AuditEntry), page: Page })
  .meta({ id: 'AuditPage', description: 'Entries of the audit, newest first' })

const entry: AuditEntry = {
  id: '019b0f61-2c45-7b22-9d0c-7a3f1e5b6c84',
  at: '2026-11-22T18:04:05.000Z',
  actor: { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' },
  requestId: '019b0f61-2c44-7a01-8f11-2b6d4c9e0a13',
  outcome: 'accepted',
  action: 'publishArticle',
  times: 1,
  subject: {
    kind: 'article',
    id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
    version: 2,
    changed: ['state', 'publishedAt', 'liveFrom', 'edition'],
  },
}

/** Who did what, for administrators. */
export function auditRoutes(app: App, audit: AuditService): void {
  app.get(
    '/audit',
    {
      config: { scope: 'audit:read' },
      schema: {
        operationId: 'listAudit',
        summary: 'Who did what, newest first',
        description:
          'One entry for each accepted write, one for each request whose key was not taken or not enough; the latter within a second. Never what a field said, nor anything of a key.',
        tags: ['Audit'],
        querystring: z.strictObject({ ...auditFilters, limit, cursor }),
        response: {
          200: json(
            'A page of entries',
            AuditPage,
            { data: [entry], page: { limit: 20, next: null, previous: null } },
            PageHeaders,
          ),
        },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, ...filters } = request.query
      const asked = { audit: true, ...filters }
      const place = decodeCursor(cursor, asked)
      const entries = await audit.list(filters, limit + 1, place)
      const shown = pageOf(entries, limit, place, asked, ({ at, id }) => ({ at, id }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/audit/export',
    {
      config: { scope: 'audit:read', gives: NDJSON, isAlwaysSent: true },
      schema: {
        operationId: 'exportAudit',
        summary: 'The audit as a file, one entry a line',
        description:
          'All entries that the filters allow, newest first, as JSON lines: what there was when the export began. It is sent while it is read, so it may be as long as the audit is; an answer that breaks off has not its whole end.',
        tags: ['Audit'],
        querystring: z.strictObject(auditFilters),
        response: {
          200: {
            description: 'The entries, each a line of JSON of this form',
            content: { [NDJSON]: { schema: AuditEntry, example: entry } },
          },
        },
      },
    },
    async (request, reply) => {
      const pages = audit.pages(request.query)
      // Read before the answer begins, so that a database that is away is a refusal and not half an answer.
      const first = await pages.next()
      return give(reply, request.method === 'HEAD' ? Readable.from([]) : linesOf(first.done ? [] : first.value, pages))
    },
  )
}

const give = (reply: FastifyReply, payload: Readable): FastifyReply => reply.type(NDJSON).send(payload)

const linesOf = (first: AuditEntry[], rest: AsyncIterable<AuditEntry[]>): Readable =>
  Readable.from(lines(first, rest), { objectMode: false })

async function* lines(first: AuditEntry[], rest: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  const joined = (entries: AuditEntry[]) => entries.map((each) => `${JSON.stringify(each)}\n`).join('')
  if (first.length > 0) yield joined(first)
  for await (const entries of rest) yield joined(entries)
}
