import * as z from 'zod'
import { CachedHeaders } from '../http/headers.ts'
import type { App } from '../http/operation.ts'
import { Problem } from '../shared/problem.ts'
import type { Answering } from './answers.ts'
import * as example from './feeds/feed-examples.ts'
import type { DeliveryService } from './service.ts'

const xml = (description: string, example: () => string) => ({
  200: { description, content: { 'application/xml': { schema: z.string(), example } }, headers: CachedHeaders },
})
// The address says what comes, whatever a crawler claims to take.
const config = { isNegotiated: true, gives: 'application/xml' }
const tags = ['Feeds']
const Name = z.object({
  name: z.string().max(200).meta({ description: 'As the index names it', example: '2026-11-1.xml' }),
})

/** Sitemaps, with the addresses of the public site. */
export function sitemapRoutes(app: App, delivery: DeliveryService, { give }: Pick<Answering, 'give'>): void {
  app.get(
    '/sitemap.xml',
    {
      config,
      schema: {
        operationId: 'getSitemapIndex',
        summary: 'The sitemaps that there are',
        description: 'One for each month in which articles were first published, or several where there are many.',
        tags,
        response: xml('The index of sitemaps', example.sitemapIndex),
      },
    },
    async (request, reply) => give(request, reply, await delivery.sitemapIndex()),
  )

  app.get(
    '/sitemaps/:name',
    {
      config,
      schema: {
        operationId: 'getSitemap',
        summary: 'One sitemap',
        description: 'The articles of a month, the oldest first.',
        tags,
        params: Name,
        response: xml('The sitemap', example.sitemap),
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const found = await delivery.sitemap(request.params.name)
      if (!found) throw new Problem('not-found', 'There is no such sitemap.')
      return give(request, reply, found)
    },
  )

  app.get(
    '/news-sitemap.xml',
    {
      config,
      schema: {
        operationId: 'getNewsSitemap',
        summary: 'The sitemap for Google News',
        description: 'What was first published in the last two days, the newest first, at most a thousand.',
        tags,
        response: xml('The sitemap', example.newsSitemap),
      },
    },
    async (request, reply) => give(request, reply, await delivery.newsSitemap()),
  )
}
