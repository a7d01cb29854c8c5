import { isDeepStrictEqual } from 'node:util'
import type { Standing } from '../articles/rules.ts'
import { isLiveAt, unscheduled } from '../articles/rules.ts'
import type { ArticleContent } from '../articles/schema.ts'
import type { FieldError } from '../shared/problem.ts'
import { Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import type { Correction, Publish } from './schema.ts'

/** What an edition is made from: facts of the one before, and of one that is planned and will be replaced. */
export interface Earlier {
  contentVersion: number
  liveFrom: string
  updatedAt: string
  corrections: Correction[]
}

/** From when and until when an edition is to be visible; 422 for times that cannot be meant. */
export function timesOf(
  { liveFrom: wanted, liveUntil }: Publish,
  article: Standing,
  now: string,
): { liveFrom: string; liveUntil: string | null } {
  const liveFrom = wanted ?? undefined
  const errors: FieldError[] = []
  if (liveFrom !== undefined && liveFrom <= now) {
    const detail = `${liveFrom} has passed: it is ${now} now. Leave liveFrom out to publish now.`
    errors.push({ pointer: '#/liveFrom', code: 'in-the-past', detail })
  }
  const from = liveFrom ?? now
  if (liveUntil && liveUntil <= now) {
    const detail = `${liveUntil} has passed: it is ${now} now. Give a later instant, or leave liveUntil out for no end.`
    errors.push({ pointer: '#/liveUntil', code: 'in-the-past', detail })
  } else if (liveUntil && liveUntil <= from) {
    const detail = `The end, ${liveUntil}, must be later than the beginning, ${from}.`
    errors.push({ pointer: '#/liveUntil', code: 'not-after-liveFrom', detail })
  }
  if (errors.length > 0) throw invalidFields(errors)
  return { liveFrom: from, liveUntil: liveUntil === undefined ? endOf(article, from, now) : liveUntil }
}

/**
 * The end that stays where nothing is said of one: a piece that has to be taken down is not to stay for ever because
 * somebody has mended a comma in it.
 */
function endOf(article: Standing, from: string, now: string): string | null {
  const { scheduledFrom, scheduledUntil, liveUntil, withdrawn } = article
  // By a clock that was set back, what was withdrawn may be live once more.
  const standing = isLiveAt(article, now) && !withdrawn ? liveUntil : null
  const end = scheduledFrom !== null ? scheduledUntil : standing
  return end !== null && end > from ? end : null
}

/**
 * When readers are told that it was last changed. A minor change, and the same text once more, leave that as it is; but
 * where an update is planned and is replaced, it is that update that comes. Planned once more, a minor change stays one.
 */
export function updatedAtOf(
  kind: Publish['kind'],
  contentVersion: number,
  liveFrom: string,
  begun: Earlier | undefined,
  planned: Earlier | undefined,
): string {
  if (begun === undefined) return liveFrom
  const isSame = kind === undefined && contentVersion === (planned ?? begun).contentVersion
  const bringsUpdate = planned !== undefined && planned.updatedAt === planned.liveFrom
  return (isSame || kind === 'minor') && !bringsUpdate ? begun.updatedAt : liveFrom
}

/** The corrections that an edition shows: those before it, those that were planned with one that it replaces, its own. */
export function correctionsOf(text: string | undefined, liveFrom: string, now: string, before: Earlier | undefined) {
  const earlier = (before?.corrections ?? []).map((each) =>
    each.publishedAt > now ? { ...each, publishedAt: liveFrom } : each,
  )
  return text === undefined ? earlier : [...earlier, { kind: 'correction' as const, text, publishedAt: liveFrom }]
}

interface Times {
  liveFrom: string
  liveUntil: string | null
}

/** How an article stands that is published now. */
export const liveAs = ({ contentVersion }: Standing, { liveFrom, liveUntil }: Times) => ({
  publishedContentVersion: contentVersion,
  liveFrom,
  liveUntil,
  withdrawn: false,
  ...unscheduled,
})

/** How one stands that is to be published later: what readers have stays as it is. */
export const planOf = (
  article: Standing,
  { liveFrom, liveUntil }: Times,
  embargo = false,
  releaseId: string | null,
) => ({
  publishedContentVersion: article.publishedContentVersion,
  liveFrom: article.liveFrom,
  liveUntil: article.liveUntil,
  withdrawn: article.withdrawn,
  scheduledContentVersion: article.contentVersion,
  scheduledFrom: liveFrom,
  scheduledUntil: liveUntil,
  scheduledEmbargo: embargo,
  releaseId,
})

/** First publication: what has been public stays so; what was only planned gives way. */
export function firstPublishedAtOf(
  article: Standing,
  { provenance }: Pick<ArticleContent, 'provenance'>,
  liveFrom: string,
): string {
  if (article.publishedContentVersion !== null) return article.firstPublishedAt ?? liveFrom
  const there = provenance?.publishedAt ?? liveFrom
  return there < liveFrom ? there : liveFrom
}

/** Where an article stands once what was planned is taken back; `article` is as it stands now. */
export const withoutPlan = (article: Standing & { edition: number }) => ({
  edition: nextEdition(article) - 1,
  publishedContentVersion: article.publishedContentVersion,
  liveFrom: article.liveFrom,
  liveUntil: article.liveUntil,
  withdrawn: article.withdrawn,
  ...unscheduled,
  ...(article.publishedContentVersion === null && { firstPublishedAt: null }),
})

/** Whether there is something to take from the readers. By a clock that was set back, what was live may be ahead. */
export const canBeWithdrawn = ({ liveFrom, liveUntil }: Standing, now: string): boolean =>
  liveFrom !== null && (liveUntil === null || liveUntil > now)

/** The number of the edition that is planned, which is always the newest; `article` is as it stands now. */
export const plannedOf = ({ scheduledFrom, edition }: Standing & { edition: number }): number | undefined =>
  scheduledFrom === null ? undefined : edition

/**
 * The number of the edition that comes next. One that is planned gives way and its number with it: readers would see a
 * gap, and know that there was something.
 */
export const nextEdition = (article: Standing & { edition: number }): number =>
  plannedOf(article) ?? article.edition + 1

/** What a release has scheduled is changed there, so that the pieces of a release stay together. */
export function refuseInRelease({ releaseId, scheduledFrom }: Standing): void {
  if (releaseId === null || scheduledFrom === null) return
  const detail = `A release has scheduled this article for ${scheduledFrom}. Take it out of the release first: ${releaseId}.`
  throw new Problem('invalid-transition', detail)
}

/** What a card says that no desk wrote: it follows from the rest, or from the moment. */
const derived = new Set(['publishedAt', 'updatedAt', 'edition', 'wordCount', 'readingMinutes'])

/** An edition as far as it is compared: its slug, and what readers get besides body and links as JSON text (edition.ts). */
interface Shown {
  slug: string
  card: string
}

/** The names of the fields that readers get otherwise in the one edition than in the other, in the order of the alphabet. */
export function changedBetween(before: Shown, after: Shown, isBodyChanged: boolean): string[] {
  const [was, is] = [before, after].map(({ card }) => JSON.parse(`{${card}}`) as Record<string, unknown>)
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]).difference(derived)
  const changed = [...names].filter((name) => !isDeepStrictEqual(was?.[name], is?.[name]))
  if (before.slug !== after.slug) changed.push('slug')
  return (isBodyChanged ? [...changed, 'body'] : changed).toSorted()
}
