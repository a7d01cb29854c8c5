import { digestOf } from '../headlines/edition.ts'
import type { Place } from '../shared/place.ts'
import type { Question } from '../shared/question.ts'
import { entryOfArticle, entryOfLink, type Feed, type FeedEntry, newestOf } from './feeds/feed.ts'
import { type FeedName, feedFormats } from './feeds/feed-formats.ts'
import type { Article, HeadlineLink } from './schema.ts'
import type { Answer, DeliveryService } from './service.ts'
import type { Site } from './site.ts'

// Feeds: lists of articles, rails and searches, in the formats that feed readers know.

/** What a feed is of. */
export interface FeedWish {
  section?: string | undefined
  tag?: string | undefined
  author?: string | undefined
  language?: string | undefined
  question?: (Question & { text: string }) | undefined
  withText: boolean
  limit: number
  place: Place | undefined
}

type Listed = Awaited<ReturnType<DeliveryService['list']>>['rows']
interface Addresses {
  selfUrl: string
  nextUrl: string | undefined
}

/** The address of a feed without a cursor: its name, whichever page of it is read. */
function nameOf(selfUrl: string): string {
  const url = new URL(selfUrl)
  url.searchParams.delete('cursor')
  return url.href
}

export type FeedAnswers = ReturnType<typeof feedAnswers>

export function feedAnswers(delivery: DeliveryService, site: Site) {
  /** The site and how what a feed is narrowed to is called, as far as visible articles have it. */
  async function titleOf({ section, tag, author, language, question }: FeedWish): Promise<string> {
    const wanted = [
      ['section', section],
      ['tag', tag],
      ['author', author],
    ] as const
    const names: string[] = []
    for (const [kind, slug] of wanted) {
      const name = slug === undefined ? undefined : await delivery.termName(kind, slug)
      if (name !== undefined) names.push(name)
    }
    if (language !== undefined) names.push(language)
    if (question !== undefined) names.push(`“${question.text}”`)
    return names.length === 0 ? site.name : `${site.name}: ${names.join(', ')}`
  }

  function answerOf(name: FeedName, etag: string, feed: Feed): Answer {
    const { mediaType, version, write } = feedFormats[name]
    const tag = digestOf([etag, feed.title, feed.selfUrl, feed.nextUrl, name, version].join('\n'))
    return { json: write(feed), type: `${mediaType}; charset=utf-8`, etag: `"${tag}.${name}"` }
  }

  const feedOf = (title: string, { selfUrl, nextUrl }: Addresses, entries: FeedEntry[], updatedAt?: string): Feed => {
    const languages = new Set(entries.map(({ language }) => language))
    return {
      title,
      description: `The latest of ${title}`,
      homeUrl: site.homeUrl,
      selfUrl,
      id: nameOf(selfUrl),
      nextUrl,
      // Only where it is that of all.
      language: languages.size === 1 ? [...languages][0] : undefined,
      updatedAt: updatedAt ?? newestOf(entries),
      entries,
    }
  }

  return {
    /** `pageOf` cuts the page and says where it and the next one are. */
    async articles(
      name: FeedName,
      wish: FeedWish,
      pageOf: (rows: Listed) => Addresses & { rows: Listed; page: object },
    ): Promise<Answer> {
      const { section, tag, author, language, question, withText, limit, place } = wish
      const given = Object.entries({ section, tag, author, language }).filter(([, value]) => value !== undefined)
      const { rows, answer } = await delivery.list({
        filters: Object.fromEntries(given),
        question,
        sort: '-publishedAt',
        limit,
        place,
        forms: withText ? ['html'] : [],
        withLinks: false,
        fields: undefined,
        isCounted: false,
      })
      const { rows: shown, page, ...addresses } = pageOf(rows)
      const { json, etag } = answer(shown, page)
      const { data } = JSON.parse(json) as { data: Article[] }
      return answerOf(name, etag, feedOf(await titleOf(wish), addresses, data.map(entryOfArticle)))
    },

    /** The headlines of a rail; undefined where there is no such rail. */
    async rail(
      name: FeedName,
      key: string,
      { withText, limit, selfUrl }: { withText: boolean; limit: number; selfUrl: string },
    ): Promise<Answer | undefined> {
      const found = await delivery.railWithArticles(key, withText ? ['html'] : [])
      if (!found) return undefined
      const rail = JSON.parse(found.json) as { title: string; updatedAt: string; items: HeadlineLink[] }
      const items = rail.items.filter(({ url }) => url !== null).slice(0, limit)
      const data = found.articles.map((json) => JSON.parse(json) as Article)
      const byId = new Map(data.map((article) => [article.id, article]))
      const entries = items.flatMap(
        (link) =>
          entryOfLink(link, byId.get(link.target?.kind === 'article' ? link.target.id : ''), rail.updatedAt) ?? [],
      )
      const newest = newestOf(entries) > rail.updatedAt ? newestOf(entries) : rail.updatedAt
      const feed = feedOf(`${site.name}: ${rail.title}`, { selfUrl, nextUrl: undefined }, entries, newest)
      return { ...answerOf(name, found.etag, feed), tags: found.tags }
    },
  }
}
