import * as z from 'zod'
import { Actor } from '../audit/schema.ts'
import { cursor, limit, Page } from '../http/paging.ts'
import { instant, line, uuid } from '../shared/fields.ts'
import { importFormats, importResults, jobStates } from './schema.ts'

const yes = z.literal('true')

export const ImportQuery = z.strictObject({
  file: line(200).optional().meta({
    description:
      'How the file is called, for the report and to tell what it is. Of Markdown and HTML, with its folders, what it is known by: the same name is the same article',
    example: 'site.xml',
  }),
  site: line(100).optional().meta({
    description:
      'How the site is called that the file comes from, so that files of another with the same names are others',
  }),
  format: z
    .enum(['auto', ...importFormats])
    .optional()
    .meta({ description: '`auto`, if left out: by the looks of it' }),
  encoding: line(40)
    .optional()
    .meta({ description: 'Of what is not UTF-8 and does not say what it is (WHATWG Encoding)' }),
  dryRun: yes.optional().meta({ description: 'Everything is done as it would be, and nothing is kept but the report' }),
  drafts: yes.optional().meta({ description: 'What was published comes as a draft' }),
  withEnded: yes
    .optional()
    .meta({ description: 'What has ended at its source comes as it was published; a draft, if left out' }),
  more: yes.optional().meta({ description: 'More of the file follows, by `POST …/{importId}/content`' }),
})

export const ContentQuery = z.strictObject({
  offset: z
    .string()
    .refine((value) => /^\d{1,15}$/.test(value), { error: 'Must be a number of bytes' })
    .transform(Number)
    .meta({
      description: 'How many bytes have come before: the `bytes` of the import',
      override: { type: 'integer', minimum: 0 },
    }),
  more: yes.optional().meta({ description: 'More follows' }),
})

export const ImportId = z.object({ importId: uuid.meta({ description: 'The id of the import' }) })
export const Upload = z
  .unknown()
  .meta({ id: 'ImportFile', description: 'The file, byte by byte', override: { type: 'string', format: 'binary' } })

const many = z.int().meta({ description: 'How many records' })
export const ImportJob = z
  .strictObject({
    id: uuid,
    state: z.enum(jobStates).meta({
      description:
        '`receiving` until all of the file is there, then `waiting`, `running`, and at last `done`, `failed` or `canceled`',
    }),
    file: z.string(),
    format: z.string(),
    dryRun: z.boolean(),
    bytes: z.int().meta({ description: 'How many bytes have come, and are kept: what follows them is the next part' }),
    bytesRead: z.int().meta({ description: 'Up to where they were looked at' }),
    counts: z.strictObject(
      Object.fromEntries(importResults.map((result) => [result, many])) as Record<
        (typeof importResults)[number],
        typeof many
      >,
    ),
    error: z.string().nullable().meta({
      description:
        'Why it failed as a whole: its key was revoked, its file is gone, or tries that failed at the same place',
    }),
    createdAt: instant,
    createdBy: Actor,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'ImportJob', description: 'An import: how far it is, and what became of its records' })

export const ImportJobPage = z
  .strictObject({ data: z.array(ImportJob), page: Page })
  .meta({ id: 'ImportJobPage', description: 'A page of imports' })

export const ImportListQuery = z.strictObject({ limit, cursor })
export const RecordsQuery = z.strictObject({
  result: z.enum(importResults).optional().meta({ description: 'Only these' }),
  limit,
  cursor,
})

export const ImportedRecord = z
  .strictObject({
    number: z.int().meta({ description: 'Its place in the import, from 1 on' }),
    result: z.enum(importResults).meta({
      description: '`conflict`: it was edited here since, and its source has changed too; it was left alone',
    }),
    source: z
      .string()
      .meta({ description: 'The file that it stood in; empty, as all of it is, where the article was erased' }),
    line: z.int().nullable().meta({ description: 'Where it begins' }),
    sourceId: z.string().nullable().meta({ description: 'The id that its source gives it' }),
    articleId: z.string().nullable(),
    railKey: z.string().nullable(),
    why: z.string().nullable().meta({ description: 'Why it was not taken' }),
    warnings: z.array(z.string()).meta({ description: 'What could not be kept as it was' }),
  })
  .meta({ id: 'ImportedRecord', description: 'What became of one record' })

export const ImportedRecordPage = z
  .strictObject({ data: z.array(ImportedRecord), page: Page })
  .meta({ id: 'ImportedRecordPage', description: 'A page of records, in their order' })
