import * as z from 'zod'
import { CachedHeaders } from '../http/headers.ts'
import type { App } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, pageOf } from '../http/paging.ts'
import { articleFilters } from '../shared/filters.ts'
import { Problem } from '../shared/problem.ts'
import type { Answering } from './answers.ts'
import { type FeedAnswers, feedAnswers } from './feed-answers.ts'
import { feedExample } from './feeds/feed-examples.ts'
import { type FeedName, feedFormats, feedNames } from './feeds/feed-formats.ts'
import { placeIn } from './list-routes.ts'
import { q } from './query-schema.ts'
import type { DeliveryService } from './service.ts'
import type { Site } from './site.ts'

const FeedQuery = z.strictObject({
  ...articleFilters,
  q: q('Only what has these words.', 'istanbul talks'),
  rail: z.string().min(1).max(200).optional().meta({
    description: 'The key of a rail: its headlines in order. It goes with none of the filters',
    example: 'home-top',
  }),
  body: z
    .enum(['html', 'none'])
    .optional()
    .meta({ description: 'Whether the whole text comes along. html if left out' }),
  limit,
  cursor,
})
type Query = z.output<typeof FeedQuery>

const said: Record<FeedName, { operationId: string; title: string }> = {
  'rss.xml': { operationId: 'getRssFeed', title: 'RSS 2.0' },
  'atom.xml': { operationId: 'getAtomFeed', title: 'Atom' },
  'feed.json': { operationId: 'getJsonFeed', title: 'JSON Feed 1.1' },
}

/** Feeds of everything, of what is filtered, of a rail and of a search. */
export function feedRoutes(app: App, delivery: DeliveryService, site: Site, { give }: Pick<Answering, 'give'>): void {
  const feeds = feedAnswers(delivery, site)
  for (const name of feedNames) {
    const { operationId, title } = said[name]
    const { mediaType } = feedFormats[name]
    app.get(
      `/feeds/${name}`,
      {
        // The address says what comes, whatever a reader of feeds claims to take.
        config: { isNegotiated: true, gives: mediaType },
        schema: {
          operationId,
          summary: `A feed as ${title}`,
          description:
            'The newest articles, or the headlines of a rail, with the whole text and its corrections. All filters of the list of articles that name something, and words, go together. Each page names the next one. Entries keep their ids whatever is renamed.',
          tags: ['Feeds'],
          querystring: FeedQuery,
          response: {
            200: {
              description: 'The feed',
              content: {
                [mediaType]: {
                  schema: mediaType.includes('json') ? z.looseObject({ version: z.string() }) : z.string(),
                  example: () => feedExample(name),
                },
              },
              headers: CachedHeaders,
            },
          },
          problems: ['not-found', 'invalid-cursor'],
        },
      },
      async (request, reply) => {
        const answer = await answerFor(feeds, name, request.query, addressOf(site, request.url))
        return give(request, reply, answer)
      },
    )
  }
}

/** The whole address that was asked for. */
const addressOf = (site: Site, url: string): URL => new URL(site.origin + url.replace(/^https?:\/\/[^/]*/i, ''))

async function answerFor(feeds: FeedAnswers, name: FeedName, query: Query, address: URL) {
  const { rail, limit = LIMIT_DEFAULT, cursor, body, q: words, ...filters } = query
  const withText = body !== 'none'
  const selfUrl = address.href
  if (rail !== undefined) {
    const other = [...Object.keys(filters), ...(words ? ['q'] : []), ...(cursor ? ['cursor'] : [])][0]
    if (other !== undefined) {
      const detail = `A rail is a list of its own: \`rail\` does not go with \`${other}\`.`
      throw new Problem('invalid-parameter', detail, { errors: [{ pointer: other, code: 'not-together', detail }] })
    }
    const found = await feeds.rail(name, rail, { withText, limit, selfUrl })
    if (!found) throw new Problem('not-found', 'There is no such rail.')
    return found
  }
  const asked = { feed: filters, words: words?.text }
  const place = decodeCursor(cursor, asked)
  return feeds.articles(name, { ...filters, question: words, withText, limit, place }, (rows) => {
    const { rows: shown, page } = pageOf(rows, limit, place, asked, placeIn('-publishedAt'))
    const next = new URL(address)
    if (page.next !== null) next.searchParams.set('cursor', page.next)
    return { rows: shown, page, selfUrl, nextUrl: page.next === null ? undefined : next.href }
  })
}
