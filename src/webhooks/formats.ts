import type { LoggedEvent } from '../events/schema.ts'
import { signatureFields } from './rules.ts'
import type { WebhookFormat } from './schema.ts'

// What an event becomes on its way to an endpoint: one signed message, or the requests that purge a cache.

/** A request as it goes out. */
export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}

/** An endpoint, as far as requests are made of it. */
export interface Target {
  url: string
  format: WebhookFormat
  secret: string | null
  formerSecret: string | null
  formerSecretUntil: string | null
  service: string | null
  token: string | null
  paths: string[]
}

/** An event, or what stands for one in a test. */
export type Message = Omit<LoggedEvent, 'kind'> & {
  kind: string
  /** For an nginx: ids and slugs of the articles that show it. */
  showing?: string[]
}

/** How many tags Cloudflare takes at once. */
const CLOUDFLARE_TAGS = 30
/** How many Fastly does, with a header field that every server takes (it would take 256). */
const FASTLY_TAGS = 100
/** What an nginx as in docs/caches keeps a copy of each for. */
const codings = ['', 'gzip', 'br']
/** The kind of what is sent to try an endpoint. */
export const TEST_KIND = 'webhook.test'
/** By which a test purges: nothing has it. */
export const TEST_TAG = 'webhook-test'

/** The requests that bring `message` to `target`, all of which have to succeed. `now` is the time of the attempt. */
export function requestsFor(target: Target, message: Message, now: string): Outgoing[] {
  return makers[target.format](target, message, now)
}

type Maker = (target: Target, message: Message, now: string) => Outgoing[]

const json = { 'content-type': 'application/json' }
const at = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`
const tagsOf = ({ payload }: Message): string[] => payload.tags ?? []

const standard: Maker = (target, message, now) => {
  const body = JSON.stringify(bodyOf(message))
  const isFormerGood = target.formerSecretUntil !== null && target.formerSecretUntil > now
  const secrets = [target.secret, isFormerGood ? target.formerSecret : null].filter((each) => each !== null)
  const headers = { ...json, ...signatureFields(secrets, message.id, now, body) }
  return [{ method: 'POST', url: target.url, headers, body }]
}

/** What a receiver reads. */
const bodyOf = ({ seq, kind, at: timestamp, subjectKind, subjectId, payload }: Message) => ({
  type: kind,
  timestamp,
  data: { seq, subject: { kind: subjectKind, id: subjectId }, ...payload },
})

const varnish: Maker = ({ url, token }, message) =>
  tagsOf(message).map((tag) => ({
    method: 'PURGE',
    url,
    headers: { 'surrogate-key': tag, ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: null,
  }))

const nginx: Maker = ({ url, token, paths }, message) => {
  const all = [...new Set([...pathsOf(message), ...paths])]
  return all.flatMap((path) =>
    codings.map((coding) => ({
      method: 'GET',
      url: at(url, path),
      // An nginx has a copy for each Accept: the one of clients that say nothing of it is the one that is asked for anew.
      headers: { 'x-refresh': token ?? '', accept: '*/*', ...(coding !== '' && { 'accept-encoding': coding }) },
      body: null,
    })),
  )
}

/** Where readers find what is not an article. There is no list of fronts, and nothing is lost by asking. */
const lists: Record<string, string> = {
  rail: 'rails',
  front: 'fronts',
  section: 'sections',
  tag: 'tags',
  author: 'authors',
}

/** The addresses at which readers find what an event is of. */
function pathsOf({ subjectKind, subjectId, payload: { slug, formerSlug }, showing = [] }: Message): string[] {
  const named = [subjectId, slug, formerSlug].filter((each) => each !== undefined).map(encodeURIComponent)
  if (subjectKind === 'article') {
    const articles = [...named, ...showing.map(encodeURIComponent)]
    return articles.flatMap((each) => [`/v1/articles/${each}`, `/v1/articles/${each}/headlines`])
  }
  if (subjectKind === 'webhook') return ['/health/live']
  const list = lists[subjectKind]
  return list === undefined ? [] : [`/v1/${list}`, ...named.map((each) => `/v1/${list}/${each}`)]
}

const fastly: Maker = ({ url, service, token }, message) =>
  inParts(tagsOf(message), FASTLY_TAGS).map((part) => ({
    method: 'POST',
    url: at(url, `/service/${service}/purge`),
    headers: { 'fastly-key': token ?? '', 'surrogate-key': part.join(' '), accept: 'application/json' },
    body: null,
  }))

const cloudflare: Maker = ({ url, service, token }, message) =>
  inParts(tagsOf(message), CLOUDFLARE_TAGS).map((part) => ({
    method: 'POST',
    url: at(url, `/zones/${service}/purge_cache`),
    headers: { ...json, authorization: `Bearer ${token}` },
    body: JSON.stringify({ tags: part }),
  }))

/** Of no tags there is no part, and so no request: what was erased has its purge in the event that says so. */
const inParts = (tags: string[], most: number): string[][] =>
  Array.from({ length: Math.ceil(tags.length / most) }, (_, part) => tags.slice(part * most, (part + 1) * most))

const makers: Record<WebhookFormat, Maker> = { standard, varnish, nginx, fastly, cloudflare }
