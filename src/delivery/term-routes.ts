import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { CachedHeaders, PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, pageLinks, pageOf } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import type { Answering } from './answers.ts'
import * as example from './examples.ts'
import type { DeliveryService } from './service.ts'
import * as schema from './term-schema.ts'

interface Door extends Pick<Answering, 'give'> {
  move: (request: FastifyRequest, reply: FastifyReply, path: string) => FastifyReply
}

/** The three kinds, which are read alike. */
const kinds = [
  {
    kind: 'section',
    name: 'Section',
    shown: schema.TermSection,
    page: schema.SectionPage,
    example: example.section,
    says: 'Articles of a section are in all sections that it is a part of.',
  },
  { kind: 'tag', name: 'Tag', shown: schema.TermTag, page: schema.TagPage, example: example.tag, says: '' },
  {
    kind: 'author',
    name: 'Author',
    shown: schema.TermAuthor,
    page: schema.AuthorPage,
    example: example.author,
    says: '',
  },
] as const

/** Sections, tags and authors. */
export function termRoutes(app: App, delivery: DeliveryService, { give, move }: Door): void {
  for (const { kind, name, shown, page, example, says } of kinds) {
    const url = `/${kind}s`
    const params = z.object({
      slug: z
        .string()
        .max(200)
        .meta({ description: `The slug of the ${kind}`, example: example.slug }),
    })
    app.get(
      url,
      {
        schema: {
          operationId: `list${name}s`,
          summary: `List the ${kind}s`,
          description: `By slug: all that visible articles have, each with how many. ${says}`.trim(),
          tags: ['Taxonomy'],
          querystring: schema.TermListQuery,
          response: {
            200: json(
              `A page of ${kind}s`,
              page,
              { data: [example], page: { limit: 20, next: null, previous: null } },
              PageHeaders,
            ),
          },
          problems: ['invalid-cursor'],
        },
      },
      async (request, reply) => {
        const { limit = LIMIT_DEFAULT, cursor } = request.query
        const place = decodeCursor(cursor, kind)
        const { rows, answer } = await delivery.terms(kind, limit, place)
        const shown = pageOf(rows, limit, place, kind, ({ slug }) => ({ at: NO_TIME, id: slug }))
        reply.header('link', pageLinks(request.url, shown.page))
        return give(request, reply, answer(shown.rows, shown.page))
      },
    )

    app.get(
      `${url}/:slug`,
      {
        schema: {
          operationId: `get${name}`,
          summary: `Read one ${kind}`,
          description: `A former slug answers 301 to the present one. ${says}`.trim(),
          tags: ['Taxonomy'],
          params,
          response: {
            200: json(`The ${kind}`, shown, example, CachedHeaders),
            301: { description: 'It has another slug now: see `Location`' },
          },
          problems: ['not-found'],
        },
      },
      async (request, reply) => {
        const found = await delivery.term(kind, request.params.slug)
        if (!found) throw new Problem('not-found', `There is no such ${kind}.`)
        if ('movedTo' in found) return move(request, reply, `/v1${url}/${found.movedTo}`)
        return give(request, reply, found)
      },
    )
  }
}
