import { Problem } from '../../shared/problem.ts'
import { type Article, type BodyForm, type FormatName, formatNames } from '../schema.ts'
import type { Site } from '../site.ts'
import { toHtml } from './html.ts'
import { toJsonLd } from './jsonld.ts'
import { toMarkdown } from './markdown.ts'
import { toNinjs } from './ninjs.ts'
import { toText } from './text.ts'

/** A form of one article besides JSON. */
export interface Format {
  contentType: string
  /** The forms of the body that it is made of. */
  forms: BodyForm[]
  /**
   * Stands in the ETag. To be raised by whoever changes what is written, because a reader who has an answer by its tag would
   * otherwise keep the old one; a test holds each number against the text of an article.
   */
  version: number
  render: (article: Article, site?: Pick<Site, 'publisher'>) => string
  headers?: Record<string, string>
}

/** Opened in a browser, a document does nothing here, whatever it says: no script, no form, no request but for pictures. */
const CONTENT_SECURITY_POLICY = "sandbox; default-src 'none'; img-src http: https:; style-src 'unsafe-inline'"

export const formats: Record<Exclude<FormatName, 'json'>, Format> = {
  html: {
    contentType: 'text/html; charset=utf-8',
    forms: ['html'],
    version: 1,
    render: toHtml,
    headers: { 'content-security-policy': CONTENT_SECURITY_POLICY },
  },
  markdown: { contentType: 'text/markdown; charset=utf-8', forms: ['markdown'], version: 1, render: toMarkdown },
  text: { contentType: 'text/plain; charset=utf-8', forms: ['text'], version: 1, render: toText },
  jsonld: { contentType: 'application/ld+json', forms: ['text'], version: 2, render: toJsonLd },
  // ninjs has no media type of its own: it is JSON by this profile (RFC 6906).
  ninjs: {
    contentType: 'application/json; profile="https://iptc.org/std/ninjs/ninjs-schema_3.1.json"',
    forms: ['html', 'text'],
    version: 1,
    render: toNinjs,
  },
}

/** The media type of each format, the first of which is given to who does not care. */
export const mediaTypes: Record<string, FormatName> = Object.fromEntries(
  formatNames.map((name) => [
    name === 'json' ? 'application/json' : formats[name].contentType.replace('; charset=utf-8', ''),
    name,
  ]),
)

const offered = Object.keys(mediaTypes)

interface Wish {
  format?: FormatName | undefined
  body?: string | undefined
  fields?: string | undefined
}

/**
 * The format that is asked for: by name, or as the first of the media types that the reader takes. `body` and `fields`
 * speak of fields that only JSON has: with them there is nothing else to choose.
 */
export function formatFor({ format, body, fields }: Wish, accepted: (offered: string[]) => string[]): FormatName {
  const wanted = format === undefined ? accepted(offered).map((type) => mediaTypes[type]) : [format]
  const ofJson = body !== undefined ? 'body' : fields !== undefined ? 'fields' : undefined
  const chosen = ofJson && wanted.includes('json') ? 'json' : wanted[0]
  if (chosen === undefined) throw noneOfThese()
  if (ofJson === undefined || chosen === 'json') return chosen
  const detail = `\`${ofJson}\` chooses among the fields of JSON: it does not go with another format.`
  throw new Problem('invalid-parameter', detail, { errors: [{ pointer: ofJson, code: 'not-together', detail }] })
}

/** The 406 that says what there is. */
function noneOfThese(): Problem {
  const available = offered.map((mediaType) => ({ format: mediaTypes[mediaType], mediaType }))
  const detail = `There are ${offered.join(', ')}. \`format\` in the query wins over \`Accept\`.`
  return new Problem('not-acceptable', detail, { members: { available } })
}

/** The tag of an article in this format: every representation has one of its own. */
export const tagIn = (name: FormatName, etag: string): string =>
  name === 'json' ? etag : `${etag.slice(0, -1)}.${name}${formats[name].version}"`
