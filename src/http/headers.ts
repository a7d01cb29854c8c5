import * as z from 'zod'

// Header fields as they are documented. They are read by hand, because Fastify hands all fields of a request over at once.

export const WriteHeaders = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'The ETag of the version that you are changing. Needed: 428 without it', example: '"3"' }),
})

export const TaggedHeaders = z.object({
  ETag: z.string().meta({ description: 'The version, in quotes' }),
})

export const CreatedHeaders = z.object({
  Location: z.string().meta({ description: 'The address of what was created' }),
  ETag: z.string().meta({ description: 'The version, in quotes' }),
})

export const CachedHeaders = z.object({
  ETag: z.string().meta({ description: 'For `If-None-Match`; changes with everything that the answer shows' }),
  'Cache-Control': z.string().meta({ description: 'How long it may be kept, and by whom' }),
  'Surrogate-Key': z
    .string()
    .optional()
    .meta({ description: 'By which names shared caches can take it out again, with blanks in between; by setting' }),
  'Cache-Tag': z.string().optional().meta({ description: 'The same, with commas in between; by setting' }),
  'Cache-Groups': z.string().optional().meta({ description: 'The same as RFC 9875 has it; by setting' }),
})

export const PageHeaders = CachedHeaders.extend({
  Link: z.string().meta({ description: 'The pages before and after (RFC 8288)' }),
})
