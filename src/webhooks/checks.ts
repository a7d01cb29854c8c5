import { publicKinds, unasked } from '../events/schema.ts'
import { type FieldError, invalidField, Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import { type AddressPolicy, refusalOf } from './addresses.ts'
import type { WebhookFormat } from './schema.ts'

// What an endpoint must have and must not have, by its format.

interface Checked {
  url: string
  format: WebhookFormat
  service: string | null
  token: string | null
  paths: string[]
}

const needsToken: WebhookFormat[] = ['nginx', 'fastly', 'cloudflare']
const byTags: WebhookFormat[] = ['varnish', 'fastly', 'cloudflare']
const needsService: WebhookFormat[] = ['fastly', 'cloudflare']

/** 422 for an endpoint that could never work, or that has what its format has no use for. */
export function refuseUnfit(webhook: Checked, policy: AddressPolicy, hasTags: boolean): void {
  const { url, format, service, token, paths } = webhook
  const errors: FieldError[] = []
  const refuse = (field: string, code: string, detail: string) => errors.push({ pointer: `#/${field}`, code, detail })
  const address = new URL(url)
  const refused = refusalOf(address, policy)
  if (refused !== undefined) refuse('url', 'not-allowed', refused)
  if (address.hash !== '') refuse('url', 'wrong-format', 'Must have no fragment (#): it is never sent.')
  if (byTags.includes(format) && !hasTags)
    refuse('format', 'not-allowed', 'Answers carry no names to purge by: set CACHE_TAGS for the server first.')
  const isBase = needsToken.includes(format)
  if (isBase && address.search !== '')
    refuse('url', 'wrong-format', 'Must be the beginning of addresses, without a query.')
  if (needsToken.includes(format) && token === null) refuse('token', 'required', `The format ${format} needs a token.`)
  if (format === 'standard' && token !== null)
    refuse('token', 'not-allowed', 'Messages of the format standard are signed, and need no token.')
  if (needsService.includes(format) !== (service !== null)) {
    if (service === null) refuse('service', 'required', `The format ${format} needs a service.`)
    else refuse('service', 'not-allowed', `The format ${format} has no services.`)
  }
  if (format !== 'nginx' && paths.length > 0) refuse('paths', 'not-allowed', 'Only the format nginx has paths.')
  if (errors.length > 0) throw invalidFields(errors)
}

/** 422 for kinds of which there will never be an event. `operations`: what can be done at the desk. */
export function refuseUnknownKinds(kinds: string[], operations: string[]): void {
  const known = [...publicKinds, ...[...operations, ...unasked].map((each) => `desk.${each}`)]
  const groups = new Set(known.map((each) => `${each.split('.')[0]}.*`))
  const errors = kinds.flatMap((kind, n) => {
    if (known.includes(kind) || groups.has(kind)) return []
    const alike = known.filter((each) => each.toLowerCase() === kind.toLowerCase())
    const detail = `There is no such kind. There are ${[...publicKinds, ...groups].join(', ')}, and "desk." with an operation that writes, as in desk.patchArticle.`
    return [{ pointer: `#/kinds/${n}`, code: 'unknown', detail: alike[0] ? `Is ${alike[0]} meant?` : detail }]
  })
  if (errors.length > 0) throw invalidFields(errors)
}

/** 422 for a beginning that the log has not reached: what comes up to there would be missed. */
export function refuseAhead(after: number, last: number, until?: number): void {
  if (until !== undefined && until <= after)
    throw invalidField('#/until', 'too-small', 'Must be greater than `after`, which is not sent again itself.')
  if (after <= last) return
  throw invalidField('#/after', 'too-large', `The newest event has the number ${last}. Leave it out to begin there.`)
}

/** 422 for a token that would be sent to another host than the one that it was given for. */
export function refuseToCarry(before: { url: string; token: string | null }, url: string): void {
  if (before.token === null || new URL(url).origin === new URL(before.url).origin) return
  throw invalidField('#/token', 'required', 'The token was given for another host: send it again, or null.')
}

export const notFound = () => new Problem('not-found', 'There is no such endpoint.')
