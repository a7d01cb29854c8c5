import * as z from 'zod'

export const OPERATIONS_MAX = 100

const Operation = z
  .strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().max(2_000).meta({ description: 'As it would be sent alone', example: '/v1/editorial/articles' }),
    ifMatch: z
      .union([z.int().min(0), z.string().max(1_000)])
      .optional()
      .meta({ description: 'The version that is changed: a number, or what `If-Match` would say', example: 3 }),
    ifNoneMatch: z.literal('*').optional().meta({ description: 'To create only' }),
    body: z.unknown().optional().meta({ description: 'What the operation takes. A list with PATCH is a JSON Patch' }),
  })
  .meta({ id: 'BatchOperation', description: 'One write' })
export type Operation = z.output<typeof Operation>

export const Batch = z
  .strictObject({ operations: z.array(Operation).min(1).max(OPERATIONS_MAX) })
  .meta({ id: 'Batch', description: 'Writes that are done all or not at all, in this order' })

const Result = z
  .strictObject({
    status: z.int(),
    headers: z.strictObject({ etag: z.string().optional(), location: z.string().optional() }),
    body: z.looseObject({}).optional().meta({ description: 'What the operation answers alone; missing with 204' }),
  })
  .meta({ id: 'BatchResult', description: 'The answer to one write' })
export type Result = z.output<typeof Result>

export const BatchResults = z
  .strictObject({ results: z.array(Result) })
  .meta({ id: 'BatchResults', description: 'The answers to all writes, in their order' })
