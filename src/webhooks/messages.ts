import type { Face, FacesNow } from '../events/changes.ts'
import type { LoggedEvent } from '../events/schema.ts'
import type { EventService } from '../events/service.ts'
import { articleIn } from '../shared/cache-tags.ts'
import { FOREVER } from '../shared/clock.ts'
import type { DeliveryRow } from './delivery-store.ts'
import { type Message, TEST_KIND, TEST_TAG } from './formats.ts'
import type { WebhookFormat } from './schema.ts'

/** What is sent with a delivery: its event as the log has it, or a test; undefined where the log has it no more. */
export async function messageOf(events: EventService, delivery: DeliveryRow): Promise<Message | undefined> {
  const { seq, messageId, kind, createdAt, subjectKind, subjectId } = delivery
  if (seq === 0) {
    return { seq, id: messageId, kind, at: createdAt, subjectKind, subjectId, payload: { tags: [TEST_TAG] } }
  }
  const [event] = await events.after(seq - 1, 1, { publicOnly: false })
  return event?.id === messageId ? event : undefined
}

/**
 * The message as a receiver may get it at this moment: how an article is called, and where it is, only while readers have the
 * edition that it tells of. A message may be sent long after it was made, and be of what is not public any more. A cache is
 * told all that it is to forget, as readers had it; an nginx also where the articles are that link to it, which has no tags.
 */
export async function namedNow(message: Message, format: WebhookFormat, facesNow: FacesNow): Promise<Message> {
  const { kind, subjectKind, subjectId, payload } = message
  if (format === 'nginx') return { ...message, showing: await showing(message, facesNow) }
  if (format !== 'standard' || subjectKind !== 'article' || kind.startsWith('desk.')) return message
  const face = (await facesNow([subjectId])).get(subjectId)
  const { headline: _headline, slug: _slug, formerSlug, ...rest } = payload
  const isNow = face !== undefined && face.edition === payload.version
  const named = isNow ? { slug: face.slug, headline: face.headline, url: face.url } : {}
  // A former slug leads on while there is something to lead to.
  const former = face && formerSlug !== undefined ? { formerSlug } : {}
  return { ...message, payload: { ...named, ...former, ...rest } }
}

/** Some of the articles that show what an event is of, besides itself: by their ids and slugs. */
async function showing({ subjectId, payload: { tags = [] } }: Message, facesNow: FacesNow): Promise<string[]> {
  const ids = tags
    .flatMap((tag) => articleIn(tag) ?? [])
    .filter((id) => id !== subjectId)
    .slice(0, SHOWING_MAX)
  const faces = ids.length === 0 ? new Map<string, Face>() : await facesNow(ids)
  return ids.flatMap((id) => [id, faces.get(id)?.slug ?? []].flat())
}

/** Each is some twelve requests, all of which are one attempt. */
const SHOWING_MAX = 20

interface Made {
  id: string
  webhookId: string
  now: string
}

/** A new delivery of an event. */
export const deliveryOf = ({ id, webhookId, now }: Made, event: LoggedEvent): DeliveryRow => ({
  ...blank({ id, webhookId, now }),
  messageId: event.id,
  seq: event.seq,
  kind: event.kind,
  subjectKind: event.subjectKind,
  subjectId: event.subjectId,
})

/** A new delivery of a test, which waits for nothing. */
export const testOf = (made: Made): DeliveryRow => ({
  ...blank(made),
  messageId: made.id,
  seq: 0,
  kind: TEST_KIND,
  subjectKind: 'webhook',
  subjectId: made.id,
})

const blank = ({ id, webhookId, now }: Made) => ({
  id,
  webhookId,
  state: 'pending' as const,
  attempts: 0,
  // Its turn is given to it when it is known who else is there.
  nextAt: FOREVER,
  claim: null,
  claimedUntil: null,
  createdAt: now,
  finishedAt: null,
  lastAt: null,
  lastStatus: null,
  lastError: null,
})
