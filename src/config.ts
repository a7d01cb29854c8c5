import * as z from 'zod'
import { language } from './shared/fields.ts'

const wholeNumber = (standard: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, { error: `Must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(standard)

const databaseUrl = z.string().regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, {
  error: 'Must be "file:path/to.db" or "postgres://user:password@host/name"',
})

const origins = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .superRefine((values, context) => {
    // A browser's origin is compared letter by letter: any other spelling would be taken in silence and do nothing.
    const wrong = values.filter((each) => each !== asSentByBrowsers(each)).map(corrected)
    if (wrong.length > 0) context.addIssue({ code: 'custom', message: wrong.join('; ') })
  })

function asSentByBrowsers(address: string): string | undefined {
  const url = URL.parse(address)
  if (!url || url.host === '' || url.host.includes('*')) return undefined
  // The schemes of apps have no origin by the rules for the web; what is sent for them has the same form.
  return `${url.protocol}//${url.host.toLowerCase()}`
}

function corrected(value: string): string {
  const right = asSentByBrowsers(value)
  const form = 'scheme://host or scheme://host:port in lower case, each origin by itself'
  return `"${value}" is no origin as browsers send it: write ${right === undefined ? form : `"${right}"`}`
}

const hosts = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .pipe(
    z.array(
      // Compared with the host of an address as it is parsed, which has one spelling.
      z.string().refine((each) => URL.parse(`http://${each}`)?.href === `http://${each}/`, {
        error:
          'Must be names or addresses of hosts in lower case, each with a port or without, as in "hooks.internal" or "10.0.0.7:8080"',
      }),
    ),
  )

/** Every setting, read from the environment. README.md documents each; a test compares the two. */
export const settings = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  DATELINE_WORKERS: wholeNumber(1, 1, 256),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(3000, 0, 65_535),
  DATABASE_URL: databaseUrl.default('file:data/dateline.db'),
  DATABASE_CONNECTIONS: wholeNumber(10, 1, 500),
  DATABASE_TIMEOUT_MS: wholeNumber(10_000, 100, 600_000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  ARTICLE_URL: z
    .string()
    .regex(/\{(slug|id)\}/, { error: 'Must hold {slug} or {id}, as in "https://news.example/{slug}"' })
    .refine((pattern) => !/[{}]/.test(pattern.replaceAll(/\{(slug|id|section)\}/g, '')), {
      error: 'Must hold no other names in braces than {slug}, {id} and {section}',
    })
    // Where an article has no section, the segment is left out with its slash.
    .refine((pattern) => !pattern.replaceAll(/(?<!\/)\/\{section\}(?=[/?#]|$)/g, '').includes('{section}'), {
      error: 'Must hold {section} as a part of the path of its own, as in "https://news.example/{section}/{slug}"',
    })
    .optional(),
  PUBLISHER_NAME: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}]*$/u, { error: 'Must be one line' })
    .optional(),
  PUBLISHER_URL: z.url({ protocol: /^https?$/ }).optional(),
  DEFAULT_LANGUAGE: language.default('en'),
  DELIVERY: z.enum(['public', 'private']).default('public'),
  PAST: z.enum(['public', 'private']).default('private'),
  CORS_ORIGINS: origins,
  CACHE_MAX_AGE_S: wholeNumber(10, 0, 31_536_000),
  CACHE_SHARED_MAX_AGE_S: wholeNumber(60, 0, 31_536_000),
  CACHE_STALE_IF_ERROR_S: wholeNumber(86_400, 0, 31_536_000),
  CACHE_CUT: z.enum(['on', 'off']).default('on'),
  CACHE_TAGS: z
    .string()
    .default('')
    .transform((value) => value.split(',').filter((each) => each !== ''))
    .pipe(z.array(z.enum(['surrogate-key', 'cache-tag', 'cache-groups']))),
  WEBHOOK_HTTP: z.enum(['on', 'off']).default('off'),
  WEBHOOK_HOSTS_ALLOWED: hosts,
  WEBHOOK_TIMEOUT_MS: wholeNumber(15_000, 100, 30_000),
  COMPRESSION: z.enum(['on', 'off']).default('on'),
  BODY_BYTES_MAX: wholeNumber(2_097_152, 1_024, 104_857_600),
  REQUEST_TIMEOUT_MS: wholeNumber(30_000, 100, 3_600_000),
  IMPORT_FOLDER: z.string().min(1).default('data/imports'),
  IMPORT_BYTES_MAX: wholeNumber(4_294_967_296, 1_024, 1_099_511_627_776),
  STREAM_LISTENERS_MAX: wholeNumber(2_000, 0, 1_000_000),
  STREAM_HEARTBEAT_MS: wholeNumber(15_000, 250, 600_000),
  CONNECTIONS_MAX: wholeNumber(10_000, 1, 1_000_000),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(25_000, 0, 600_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Config = Readonly<z.output<typeof settings>>

/** The settings out of `environment`. Throws an error that names each one that is wrong, and what would be right. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable is the usual way to say "none" in a compose file.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = settings.safeParse(given)
  if (result.success) return Object.freeze(result.data)
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The settings are not valid:\n${lines.join('\n')}`)
}

/** The part of the settings that opening a database takes. */
export const databaseSettings = (config: Config) => ({
  url: config.DATABASE_URL,
  connectionsMax: config.DATABASE_CONNECTIONS,
  statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
})
