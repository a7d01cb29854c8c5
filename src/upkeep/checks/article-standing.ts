import { inArray } from 'drizzle-orm'
import type { Tables } from '../../db/tables.ts'
import { FOREVER } from '../../shared/clock.ts'
import { type Check, pagesOf, REPUBLISH } from '../look.ts'

type Article = Tables['articles']['$inferSelect']
type Edition = Pick<
  Tables['editions']['$inferSelect'],
  'edition' | 'contentVersion' | 'publishedAt' | 'liveFrom' | 'liveUntil' | 'expiresAt' | 'embargo'
>

const isReal = ({ liveFrom, liveUntil }: Edition): boolean => liveFrom < liveUntil

/** What the desk is told that its readers do not have, or the reverse; undefined where both are told the same. */
export function standingFault(article: Article, editions: Edition[]): string | undefined {
  if (editions.length !== article.edition || editions.some(({ edition }, n) => edition !== n + 1))
    return `counts ${article.edition} editions and has ${editions.length}`
  if (article.killedAt !== null) return editions.some(isReal) ? 'was killed, and readers have or had it' : undefined
  if (article.trashedAt !== null && editions.some((each) => isReal(each) && each.liveUntil > String(article.trashedAt)))
    return 'is in the trash, and readers have it'
  const begun = article.scheduledFrom === null ? editions : editions.slice(0, -1)
  return (
    beginningFault(article, editions.at(-1)) ??
    (article.scheduledFrom === null ? undefined : planFault(article, editions.at(-1))) ??
    begunFault(article, begun.at(-1))
  )
}

function beginningFault({ firstPublishedAt }: Article, newest: Edition | undefined): string | undefined {
  if (firstPublishedAt === (newest?.publishedAt ?? null)) return undefined
  return `says to be of ${firstPublishedAt}, and its edition of ${newest?.publishedAt ?? 'never'}`
}

function planFault(article: Article, planned: Edition | undefined): string | undefined {
  const isPlanned =
    planned !== undefined &&
    planned.contentVersion === article.scheduledContentVersion &&
    planned.liveFrom === article.scheduledFrom &&
    planned.embargo === article.scheduledEmbargo &&
    planned.expiresAt === (article.scheduledUntil ?? FOREVER)
  return isPlanned ? undefined : 'has another plan than its readers will get'
}

function begunFault(article: Article, newest: Edition | undefined): string | undefined {
  const { publishedContentVersion, liveFrom, liveUntil } = article
  if (newest === undefined)
    return publishedContentVersion === null && liveFrom === null ? undefined : 'is called published, and has no edition'
  if (newest.contentVersion !== publishedContentVersion) return 'was published at another version than its edition says'
  const isSame = newest.liveFrom === liveFrom && newest.expiresAt === (liveUntil ?? FOREVER)
  return isSame ? undefined : `is live from ${liveFrom} until ${liveUntil} for the desk, and not for readers`
}

const MANY = 500

export const articleStanding: Check = {
  kind: 'article-standing',
  says: 'the desk is told of articles what readers have',
  advice: REPUBLISH,
  async *find(look) {
    const { editions } = look.tables
    const { articleId, edition, contentVersion, publishedAt, liveFrom, liveUntil, expiresAt, embargo } = editions
    const shown = { articleId, edition, contentVersion, publishedAt, liveFrom, liveUntil, expiresAt, embargo }
    for await (const page of pagesOf(look, 'articles', { key: ['id'], many: MANY })) {
      if (page.length === 0) continue
      const articles = page as unknown as Article[]
      const ids = articles.map(({ id }) => id)
      const found = await look.read
        .select(shown)
        .from(editions)
        .where(inArray(articleId, ids))
        .orderBy(articleId, edition)
      const of = Map.groupBy(found, (each) => each.articleId)
      for (const article of articles) {
        const what = standingFault(article, of.get(article.id) ?? [])
        if (what !== undefined) yield { id: article.id, what }
      }
    }
  },
}
