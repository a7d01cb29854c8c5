import { createHash, createHmac } from 'node:crypto'
import { type LoggedEvent, publicKinds } from '../events/schema.ts'
import { FOREVER, later } from '../shared/clock.ts'
import type { WebhookFormat } from './schema.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** When a message is tried again, counted from its first attempt: ten attempts within a day (Standard Webhooks). */
const RETRIES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)]
export const ATTEMPTS_MAX = RETRIES_MS.length + 1
/** How much longer a pause may be, so that what failed together does not come together again. */
const JITTER = 0.1
/** A receiver that asks for more peace than this does not get it. */
const RETRY_AFTER_MAX_MS = 24 * HOUR
/** For how long the secret before signs too. */
export const FORMER_SECRET_MS = 24 * HOUR
/** An endpoint to which nothing has come for so long is disabled, when a message is given up. */
export const FAILING_MS = 24 * HOUR
/** For how long a claim keeps others away, where it is not renewed: so long the purge of a killed article waits at most for a process that has died. */
export const CLAIM_MS = 15_000
/** How much of an answer is kept. */
export const ANSWER_BYTES = 2_048

/** What is asked of an event before it is sent to an endpoint. */
export interface Filter {
  kinds: string[]
  sections: string[]
  format: WebhookFormat
}

/** Whether an endpoint asks for what happens at the desk too. */
export const seesDesk = ({ kinds }: Pick<Filter, 'kinds'>): boolean => kinds.some((kind) => kind.startsWith('desk.'))

/** Whether an event is for this endpoint. Sections narrow articles only; what shows no trace in caches is no purge. */
export function isFor({ kinds, sections, format }: Filter, { kind, subjectKind, payload }: LoggedEvent): boolean {
  const isPublic = (publicKinds as readonly string[]).includes(kind)
  const isWanted = kinds.length === 0 ? isPublic : kinds.some((each) => isOfKind(kind, each))
  if (!isWanted) return false
  if (format !== 'standard' && (payload.tags ?? []).length === 0) return false
  if (sections.length === 0 || subjectKind !== 'article') return true
  // Of an event that does not say it, whoever wants some sections is told too: better once too often than not of an end.
  if (payload.sections === undefined) return true
  return [...payload.sections, ...(payload.formerSections ?? [])].some((each) => sections.includes(each))
}

const isOfKind = (kind: string, wanted: string): boolean =>
  wanted.endsWith('.*') ? kind.startsWith(wanted.slice(0, -1)) : kind === wanted

/**
 * When the attempt after the `attempts` that have failed is due, or undefined where there is none. The jitter comes from
 * the id, so that it needs no dice.
 */
export function nextAttempt(id: string, attempts: number, now: string, retryAfter?: string): string | undefined {
  const due = RETRIES_MS[attempts - 1]
  if (due === undefined) return undefined
  const pause = due - (RETRIES_MS[attempts - 2] ?? 0)
  const share = createHash('sha256').update(`${id} ${attempts}`).digest().readUInt32BE() / 2 ** 32
  const planned = later(now, Math.round(pause * (1 + JITTER * share)))
  return retryAfter !== undefined && retryAfter > planned ? retryAfter : planned
}

/** The instant that a `Retry-After` field names, in seconds or as a date (RFC 9110, 10.2.3); never more than a day ahead. */
export function retryAfterOf(field: string | undefined, now: string): string | undefined {
  if (field === undefined) return undefined
  const text = field.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND : Date.parse(text) - Date.parse(now)
  if (!(ms > 0)) return undefined
  return later(now, Math.min(ms, RETRY_AFTER_MAX_MS))
}

/** Whether a status asks that the whole endpoint be left in peace for a while. */
export const isThrottle = (status: number | null): boolean => status === 429 || status === 503

/**
 * Whether an answer says that it has arrived: 2xx and nothing else. An nginx that was asked for something anew has asked
 * for it, whatever there is now; but not where it did not know us, or had no time.
 */
export function isDone(format: WebhookFormat, status: number): boolean {
  if (status >= 200 && status < 300) return true
  return format === 'nginx' && status >= 300 && status < 500 && ![401, 403, 405, 408, 429].includes(status)
}

/** What is pending at an endpoint, oldest first. */
export interface Pending {
  id: string
  subjectKind: string
  subjectId: string
  nextAt: string
  claimedUntil: string | null
}

/**
 * Whose turn it is: of each subject one delivery at a time, the oldest first. The others wait, which is to say that they
 * are due at no time. While one is on its way, whichever it is, all others of its subject wait.
 */
export function turns(pending: Pending[], format: WebhookFormat, now: string): { wake: string[]; hold: string[] } {
  // Purges need no order, and the newest may be that of a killed article.
  const subjectOf =
    format === 'standard'
      ? ({ subjectKind, subjectId }: Pending) => `${subjectKind} ${subjectId}`
      : ({ id }: Pending) => id
  const isBusy = ({ claimedUntil }: Pending) => claimedUntil !== null && claimedUntil > now
  const taken = new Set(pending.filter(isBusy).map(subjectOf))
  const wake: string[] = []
  const hold: string[] = []
  for (const each of pending) {
    if (isBusy(each)) continue
    const subject = subjectOf(each)
    const isFirst = !taken.has(subject)
    taken.add(subject)
    if (isFirst && each.nextAt === FOREVER) wake.push(each.id)
    if (!isFirst && each.nextAt !== FOREVER) hold.push(each.id)
  }
  return { wake, hold }
}

/** The fields of a signed message: one signature for each secret that is good at the moment. */
export function signatureFields(secrets: string[], id: string, now: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.parse(now) / SECOND))
  const signed = `${id}.${timestamp}.${body}`
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** What is kept of an answer: its beginning, without what we sent as a secret, and without what no database takes. */
export function keptAnswer(answer: Buffer, secrets: (string | null)[]): string {
  let text = answer.toString('utf8').replaceAll('\0', '\uFFFD')
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, '[secret]')
  const cut = Buffer.from(text).subarray(0, ANSWER_BYTES).toString('utf8')
  return text.length === cut.length ? cut : cut.replace(/\uFFFD+$/, '')
}
