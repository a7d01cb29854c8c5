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
const needsService: WebhookFormat[] = ['fastly', 'cloudflare']

/** 422 for an endpoint that could never work, or that has what its format has no use for. */
export function refuseUnfit(webhook: Checked, policy: AddressPolicy): void {
  const { url, format, service, token, paths } = webhook
  const errors: FieldError[] = []
  const refuse = (field: string, code: string, detail: string) => errors.push({ pointer: `#/${field}`, code, detail })
  const address = new URL(url)
  const refused = refusalOf(address, policy)
  if (refused !== undefined) refuse('url', 'not-allowed', refused)
  const isBase = needsToken.includes(format)
  if (isBase && (address.search !== '' || address.hash !== ''))
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

/** 422 for a token that would be sent to another host than the one that it was given for. */
export function refuseToCarry(before: { url: string; token: string | null }, url: string): void {
  if (before.token === null || new URL(url).origin === new URL(before.url).origin) return
  throw invalidField('#/token', 'required', 'The token was given for another host: send it again, or null.')
}

export const notFound = () => new Problem('not-found', 'There is no such endpoint.')
