import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { ArticleId } from '../articles/routes.ts'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, NO_TIME, Page, pageLinks, pageOf } from '../http/paging.ts'
import * as example from './examples.ts'
import type { PendingService } from './pending.ts'
import { LinkState, PlacedLink, Placement } from './place-schema.ts'

const LinkList = z
  .strictObject({ data: z.array(PlacedLink), page: Page })
  .meta({ id: 'HeadlineLinkPage', description: 'Headline links of all lists, newest first' })
const PlacementList = z
  .strictObject({ data: z.array(Placement), page: Page })
  .meta({ id: 'PlacementPage', description: 'Where an article is used, newest link first' })
const LinksQuery = z.strictObject({
  state: LinkState.optional().meta({ description: 'Only those; without it all' }),
  limit,
  cursor,
})
const PageQuery = z.strictObject({ limit, cursor })
const scope = ['articles:write', 'articles:write-own'] as const
const byId = ({ id }: { id: string }) => ({ at: NO_TIME, id })
const byLink = ({ linkId }: { linkId: string }) => byId({ id: linkId })

/** Links by what they point at or wait for, in whichever list they stand. */
export function linkRoutes(app: App, pending: PendingService): void {
  app.get(
    '/headline-links',
    {
      config: { scope },
      schema: {
        operationId: 'listHeadlineLinks',
        summary: 'List headline links of all lists, or what still has no story',
        description:
          'Newest first, each with its list and place there; not those of articles that are in the trash or killed. All are those that stand in a list itself, with their `sublinks`; of the pending ones also those below others are listed, each with its `parentId`. A pending link is pointed at the first article of its headline that is published, however that is spelled (case, blanks, quotes, dashes), unless `followsStory` or the `followsStories` of its rail is false. Contributors see those of their own drafts.',
        tags: ['Headlines'],
        querystring: LinksQuery,
        response: { 200: json('A page of links', LinkList, example.placedLinks, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, state } = request.query
      const filters = { headlineLinks: true, state }
      const place = decodeCursor(cursor, filters)
      const rows = await pending.list(callerOf(request), state === 'pending', limit + 1, place)
      const { rows: shown, page } = pageOf(rows, limit, place, filters, byId)
      reply.header('link', pageLinks(request.url, page))
      return { data: shown, page }
    },
  )

  app.get(
    '/articles/:id/placements',
    {
      config: { scope },
      schema: {
        operationId: 'listPlacements',
        summary: 'Where an article is used',
        description:
          'Every headline link that points at it, in rails and in the lists of other articles, newest link first; not in those of articles that are in the trash or killed. Only lists that you may know of, and of staged rails what the draft holds.',
        tags: ['Headlines'],
        params: ArticleId,
        querystring: PageQuery,
        response: { 200: json('A page of places', PlacementList, example.placements, PageHeaders) },
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const filters = { placements: id }
      const place = decodeCursor(cursor, filters)
      const rows = await pending.placements(callerOf(request), id, limit + 1, place)
      const { rows: shown, page } = pageOf(rows, limit, place, filters, byLink)
      reply.header('link', pageLinks(request.url, page))
      return { data: shown, page }
    },
  )
}
