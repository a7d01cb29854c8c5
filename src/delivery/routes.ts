import type { FastifyRequest } from 'fastify'
import { callerOf, requireScope } from '../access/guard.ts'
import { CachedHeaders, PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, pageLinks, pageOf } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import { answering, type CacheTimes } from './answers.ts'
import { articleRoute } from './article-routes.ts'
import * as example from './examples.ts'
import { feedRoutes } from './feed-routes.ts'
import { frontRoutes } from './front-routes.ts'
import { listRoute } from './list-routes.ts'
import { relatedRoute } from './related-routes.ts'
import * as schema from './schema.ts'
import { searchRoute } from './search-routes.ts'
import type { DeliveryService, Moment } from './service.ts'
import type { Site } from './site.ts'
import { sitemapRoutes } from './sitemap-routes.ts'
import { termRoutes } from './term-routes.ts'

export interface DeliverySettings {
  cache: CacheTimes
  site: Site
  /** Whether everybody may read what was public at an earlier instant. */
  isPastPublic: boolean
}

/** The query parameters that say which instant is meant. */
interface MomentQuery {
  at?: string | undefined
  embargoed?: 'true' | undefined
}

/** What the world reads: GET only, published editions only, cacheable. */
export function deliveryRoutes(
  app: App,
  delivery: DeliveryService,
  { cache, site, isPastPublic }: DeliverySettings,
): void {
  /** The instant that is asked for, if the caller may see it: what is not public yet is for keys that say so. */
  function momentOf(request: FastifyRequest, { at, embargoed }: MomentQuery): Moment {
    if (embargoed !== undefined) {
      requireScope(callerOf(request), 'embargo:read')
      if (at !== undefined) throw notBoth()
      return { embargoed: true }
    }
    if (at === undefined) return {}
    if (!isPastPublic || at > delivery.now()) requireScope(callerOf(request), 'preview:read')
    return { at }
  }

  const { give, giveOrMove, move } = answering(cache, site)

  listRoute(app, delivery, { momentOf, give })
  searchRoute(app, delivery, { momentOf, give })
  articleRoute(app, delivery, { momentOf, giveOrMove })
  relatedRoute(app, delivery, { giveOrMove })

  app.get(
    '/articles/:idOrSlug/headlines',
    {
      config: { isKept: true },
      schema: {
        operationId: 'getArticleHeadlines',
        summary: "Read one article's headline links",
        description:
          'Links to articles that are not public are left out; the others have the headline and address that their article has now.',
        tags: ['Headlines'],
        params: schema.IdOrSlug,
        querystring: schema.MomentQuery,
        response: {
          200: json('The links in order', schema.Headlines, example.headlines, CachedHeaders),
          301: { description: 'It has another slug now: see `Location`' },
        },
        problems: ['not-found', 'gone', 'forbidden'],
      },
    },
    async (request, reply) =>
      giveOrMove(request, reply, await delivery.headlines(request.params.idOrSlug, momentOf(request, request.query)), {
        path: '/headlines',
      }),
  )

  app.get(
    '/rails',
    {
      config: { isKept: true },
      schema: {
        operationId: 'listRails',
        summary: 'List the rails with their headlines',
        description: 'By key, each as it is at this moment.',
        tags: ['Headlines'],
        querystring: schema.RailListQuery,
        response: {
          200: json('A page of rails, by key', schema.RailList, example.railList, PageHeaders),
        },
        problems: ['forbidden'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, at } = request.query
      const moment = momentOf(request, { at })
      const filters = at === undefined ? 'rails' : { rails: at }
      const place = decodeCursor(cursor, filters)
      const { rows, answer } = await delivery.rails(limit, place, moment)
      const shown = pageOf(rows, limit, place, filters, ({ key }) => ({ at: NO_TIME, id: key ?? '' }))
      reply.header('link', pageLinks(request.url, shown.page))
      return give(request, reply, answer(shown.rows, shown.page))
    },
  )

  app.get(
    '/rails/:key',
    {
      config: { isKept: true },
      schema: {
        operationId: 'getRail',
        summary: 'Read one rail',
        description:
          'Items whose article is not public are left out, and positions close up. No story is in it twice. A rail that fills up has the newest articles after its items.',
        tags: ['Headlines'],
        params: schema.Key,
        querystring: schema.AtQuery,
        response: {
          200: json('The rail', schema.Rail, example.rail, CachedHeaders),
        },
        problems: ['not-found', 'forbidden'],
      },
    },
    async (request, reply) => {
      const rail = await delivery.rail(request.params.key, momentOf(request, request.query))
      if (!rail) throw new Problem('not-found', 'There is no such rail.')
      return give(request, reply, rail)
    },
  )

  frontRoutes(app, delivery, { momentOf, give })
  termRoutes(app, delivery, { give, move })
  feedRoutes(app, delivery, site, { give })
  sitemapRoutes(app, delivery, { give })

  app.get(
    '/resolve',
    {
      schema: {
        operationId: 'resolveAddress',
        summary: 'What is at a path of the site',
        description:
          'For front ends that are asked for an address they do not know. The path is held against the addresses of this site, by slug or id and in any section: `moved` says where the article is now, in one step, whatever it was called in between. What is not public is `unknown`, like what never was.',
        tags: ['Articles'],
        querystring: schema.ResolveQuery,
        response: { 200: json('What is there', schema.Resolved, example.resolved, CachedHeaders) },
      },
    },
    async (request, reply) => give(request, reply, await delivery.resolve(request.query.path)),
  )
}

const notBoth = () => {
  const detail = 'What is under embargo is what is to come: it goes without `at`.'
  return new Problem('invalid-parameter', detail, { errors: [{ pointer: 'at', code: 'not-together', detail }] })
}
