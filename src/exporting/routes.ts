import { PassThrough } from 'node:stream'
import * as z from 'zod'
import { type App, json } from '../http/operation.ts'
import { Problem } from '../shared/problem.ts'
import { type ExportFormat, type ExportSettings, exportFormats, writeExport } from './outputs.ts'
import type { ExportingService } from './service.ts'

/** Each holds a view of the database as it was when it began, which must not be many. */
const AT_ONCE = 2

const ExportQuery = z.strictObject({
  format: z
    .enum(Object.keys(exportFormats) as [ExportFormat, ...ExportFormat[]])
    .optional()
    .meta({
      description:
        '`ndjson`, if left out: all of it, for `npx dateline load`. `wxr` for WordPress, `ninjs` for what readers have, `markdown` for a tar of files that Hugo builds',
    }),
  audit: z.literal('true').optional().meta({ description: 'With the record of who did what; `ndjson` only' }),
})
const Line = z
  .looseObject({ kind: z.string().optional() })
  .meta({ id: 'ArchiveLine', description: 'A line: of an archive a row with its kind, or an item of ninjs' })
const Tar = z.string().meta({
  id: 'MarkdownTar',
  description: 'A tar of files of Markdown',
  override: { type: 'string', format: 'binary' },
})
const line = {
  kind: 'archive',
  format: 'dateline',
  version: 1,
  schema: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  program: '1.0.0',
  at: '2026-11-22T18:04:05.000Z',
}

/** Everything as a file. */
export function exportRoute(app: App, exporting: ExportingService, settings: ExportSettings): void {
  let running = 0

  app.get(
    '/export',
    {
      config: { scope: 'export:read', isNegotiated: true, isAlwaysSent: true },
      schema: {
        operationId: 'exportEverything',
        summary: 'Everything as a file',
        description:
          'All of one instant, sent while it is read: `ndjson` ends with a line that says how many there were and what they add up to, so that a file that was cut is known. Others write meanwhile.',
        tags: ['Exports'],
        querystring: ExportQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              ...json('', Line, line).content,
              'application/x-ndjson': { schema: Line, example: line },
              'application/x-tar': { schema: Tar, example: 'ferry.md' },
              'application/xml': { schema: z.string(), example: '<rss version="2.0"></rss>' },
            },
          },
        },
        problems: ['unavailable'],
      },
    },
    async ({ query, method, server: { server } }, reply) => {
      const { format = 'ndjson', audit } = query
      if (running >= AT_ONCE) {
        throw new Problem('unavailable', 'Others export at this moment. Try again later.', {
          headers: { 'retry-after': '30' },
        })
      }
      const { contentType, extension } = exportFormats[format]
      reply.type(contentType).header('content-disposition', `attachment; filename="dateline.${extension}"`)
      if (method === 'HEAD') return reply.send('')
      const output = new PassThrough()
      running++
      // Whoever goes away ends it, and with it the view of the database.
      reply.raw.once('close', () => output.destroy())
      const how = { ...settings, withAudit: audit !== undefined }
      writeExport(exporting, format, how, (text) => written(output, text, server.requestTimeout))
        .then(
          () => output.end(),
          (error: Error) => output.destroy(error),
        )
        .finally(() => running--)
      return reply.send(output as unknown as string)
    },
  )
}

/**
 * Waits until there is room. Throws where nobody reads any more: whoever has gone away, and whoever has taken nothing for as long as a
 * request may take, as others wait for the place.
 */
async function written(output: PassThrough, text: string | Uint8Array, patienceMs: number): Promise<void> {
  if (output.destroyed) throw new Error('The reader of an export has gone away')
  if (output.write(text)) return
  const timer = setTimeout(() => output.destroy(new Error('The reader of an export takes nothing')), patienceMs)
  await new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer)
      output.off('drain', go)
      output.off('close', go)
      resolve()
    }
    output.on('drain', go)
    output.on('close', go)
  })
}
