import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { callerOf } from '../access/guard.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { refuseCoding } from '../http/content-types.ts'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, pageLinks, pageOf } from '../http/paging.ts'
import { waitPatiently } from '../http/patience.ts'
import { Problem } from '../shared/problem.ts'
import * as example from './examples.ts'
import * as schema from './job-schema.ts'
import type { ImportJobs } from './jobs.ts'
import type { JobRow } from './store.ts'
import { UNNAMED } from './working.ts'

const scope = 'import:write' as const
const tags = ['Imports']
const job = json('The import', schema.ImportJob, example.job)

/** Imports of archives, and what became of them. */
export function importRoutes(app: App, writes: EditorialWrites, jobs: ImportJobs, bytesMax: number): void {
  // Files of every kind come as they are; whatever they are called, none of them is read into memory.
  app.register(async (plain) => {
    const door = plain as App
    door.addHook('onRequest', waitPatiently)
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', async ({ headers }: FastifyRequest, payload: Readable) => {
      refuseCoding(headers)
      return payload
    })
    const upload = (body: unknown): Readable => (body instanceof Readable ? body : Readable.from([]))
    const binary = {
      body: schema.Upload,
      bodyExample: example.upload,
      isFile: true,
      consumes: ['application/octet-stream'],
    }

    door.post(
      '/imports',
      {
        bodyLimit: bytesMax,
        config: { scope },
        schema: {
          operationId: 'createImport',
          summary: 'Import an archive',
          description:
            'The body is the file as it is (`curl --data-binary @site.xml`): a WordPress or Ghost export, ninjs, a feed, a document. The answer comes when it is there; the import goes on by itself, also after a crash, and is looked at by its `id`. What was imported before is known again: unchanged it brings nothing, changed it becomes a new version, and what was edited here since is left alone. Large files can come in parts (`more`), and may take as long as something of them comes.',
          tags,
          querystring: schema.ImportQuery,
          ...binary,
          response: { 202: json('The import, which will be done', schema.ImportJob, example.job) },
          problems: ['payload-too-large', 'invalid-transition'],
        },
      },
      async (request, reply) => {
        const { file = null, site = null, format = 'auto', encoding = null, more, ...how } = request.query
        const options = {
          ...{ file, site, format, encoding },
          ...{
            isDryRun: how.dryRun !== undefined,
            asDrafts: how.drafts !== undefined,
            withEnded: how.withEnded !== undefined,
            isMoved: false,
          },
        }
        const row = await jobs.create(callerOf(request), request.id, options, upload(request.body), more === undefined)
        return reply.code(202).header('location', `/v1/editorial/imports/${row.id}`).send(shown(row))
      },
    )

    door.post(
      '/imports/:importId/content',
      {
        bodyLimit: bytesMax,
        config: { scope },
        schema: {
          operationId: 'addImportContent',
          summary: 'Send more of a file',
          description:
            'What follows the bytes that have come, which the import says. A part that was lost on its way is sent again, from there: what had come of it is kept. One at a time: another is 409.',
          tags,
          params: schema.ImportId,
          querystring: schema.ContentQuery,
          ...binary,
          response: { 202: json('The import', schema.ImportJob, example.job) },
          problems: ['not-found', 'payload-too-large', 'invalid-transition'],
        },
      },
      async (request, reply) => {
        const { offset, more } = request.query
        const row = await jobs.addContent(request.params.importId, offset, upload(request.body), more === undefined)
        return reply.code(202).send(shown(row))
      },
    )
  })

  app.get(
    '/imports',
    {
      config: { scope },
      schema: {
        operationId: 'listImports',
        summary: 'List imports, newest first',
        description: 'Of everybody, those that are over too, for 90 days.',
        tags,
        querystring: schema.ImportListQuery,
        response: { 200: json('A page of imports', schema.ImportJobPage, example.jobPage, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const place = decodeCursor(cursor, 'imports')
      const rows = await jobs.list(limit + 1, place)
      const page = pageOf(rows, limit, place, 'imports', ({ id }) => ({ at: NO_TIME, id }))
      reply.header('link', pageLinks(request.url, page.page))
      return { data: page.rows.map(shown), page: page.page }
    },
  )

  app.get(
    '/imports/:importId',
    {
      config: { scope },
      schema: {
        operationId: 'getImport',
        summary: 'How far an import is',
        description: 'Ask again until it is `done`, `failed` or `canceled`; counts and bytes say how far it is.',
        tags,
        params: schema.ImportId,
        response: { 200: job },
        problems: ['not-found'],
      },
    },
    async ({ params }) => shown(await jobs.find(params.importId)),
  )

  app.get(
    '/imports/:importId/records',
    {
      config: { scope },
      schema: {
        operationId: 'listImportRecords',
        summary: 'What became of its records',
        description: 'In the order in which they were done; `result=failed` shows what to look at.',
        tags,
        params: schema.ImportId,
        querystring: schema.RecordsQuery,
        response: { 200: json('A page of records', schema.ImportedRecordPage, example.recordPage, PageHeaders) },
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, result } = request.query
      const { importId } = request.params
      await jobs.find(importId)
      const filters = { importId, result }
      const place = decodeCursor(cursor, filters)
      if (place && !/^\d{1,9}$/.test(place.id))
        throw new Problem('invalid-cursor', 'This cursor was not given out by this API.')
      const rows = await jobs.records(importId, result, limit + 1, place)
      const page = pageOf(rows, limit, place, filters, ({ number }) => ({ at: NO_TIME, id: String(number) }))
      reply.header('link', pageLinks(request.url, page.page))
      return { data: page.rows.map(({ jobId: _, ...record }) => record), page: page.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/imports/:importId/cancel',
    scope,
    schema: {
      operationId: 'cancelImport',
      summary: 'Cancel an import',
      description: 'It ends where it stands; what was done stays.',
      tags,
      params: schema.ImportId,
      response: { 200: job },
      problems: ['not-found', 'invalid-transition'],
    },
    async work({ tx }, { params }) {
      const row = await jobs.cancelIn(tx, params.importId)
      return { body: shown(row), subject: { kind: 'import', id: row.id, changed: ['state'] } }
    },
  })
}

const shown = ({
  id,
  state,
  options,
  bytes,
  bytesRead,
  counts,
  error,
  createdAt,
  callerId,
  callerName,
  finishedAt,
}: JobRow) => ({
  ...{
    id,
    state,
    file: options.file ?? UNNAMED,
    format: options.format,
    dryRun: options.isDryRun,
    bytes,
    bytesRead,
    counts,
    error,
  },
  ...{ createdAt, createdBy: { id: callerId, name: callerName }, finishedAt },
})
