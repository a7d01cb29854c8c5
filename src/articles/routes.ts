import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { callerOf, requireScope } from '../access/guard.ts'
import { type Caller, writers } from '../access/schema.ts'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import type { Block } from '../body/schema.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, Page, pageLinks, pageOf } from '../http/paging.ts'
import { PatchBody } from '../http/patch-body.ts'
import { isUuid } from '../shared/fields.ts'
import { Problem } from '../shared/problem.ts'
import type { Written } from '../shared/write.ts'
import { bodyOf, earlyBody } from './body-form.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { ArticleService, Changed } from './service.ts'

const ArticleList = z
  .strictObject({ data: z.array(schema.EditorialArticleSummary), page: Page })
  .meta({ id: 'EditorialArticlePage', description: 'Articles without their text, last changed first' })

export const ArticleId = z.object({
  id: z
    .string()
    .max(200)
    .meta({ description: 'The id of an article', example: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' }),
})
const ListQuery = z.strictObject({
  state: schema.ArticleState.optional().meta({
    description: 'Only those that stand there. Without it all but the trash',
  }),
  limit,
  cursor,
})

export interface ArticleServices {
  articles: ArticleService
  /** What builds on this feature and is handed in: publishing at once, and what a write means for readers. */
  publishing: {
    renderBody: (body: Block[]) => unknown
    createPublishedIn: (
      tx: WriteContext['tx'],
      caller: Caller,
      fields: z.output<typeof schema.ArticleReplace>,
      given: { id?: string; body: Block[] },
      early: never,
    ) => Promise<Changed>
    effectsIn: (tx: WriteContext['tx'], caller: Caller, written: Changed) => Promise<schema.Effects>
  }
}

const texts = new WeakMap<FastifyRequest, Map<string, Block[]>>()

/** The texts that one request brings, by article: in a batch a publication may follow, which renders them ahead. */
export function textsOf(request: FastifyRequest): Map<string, Block[]> {
  const known = texts.get(request) ?? new Map<string, Block[]>()
  texts.set(request, known)
  return known
}

/** The answer to a write on an article; a dry run also tells what it would do beside. */
export function articleAnswer({ articles, publishing }: ArticleServices) {
  return async ({ tx, caller, isDryRun }: WriteContext, written: Changed): Promise<Written> => {
    const { article, changed, followed } = written
    const body = articles.show(written)
    return {
      headers: { etag: versionTag(article.version) },
      body: isDryRun ? { ...body, effects: await publishing.effectsIn(tx, caller, written) } : body,
      subject: { kind: 'article', id: article.id, version: article.version, changed },
      ...(followed && { followed }),
    }
  }
}

/** Drafts: what the desk writes. Transitions are in publishing/routes.ts. */
export function articleRoutes(app: App, writes: EditorialWrites, services: ArticleServices): void {
  const { articles, publishing } = services
  const answer = articleAnswer(services)

  async function createIn(context: WriteContext, fields: Create, early: Early, id?: string): Promise<Written> {
    const { publish = false, ...rest } = fields
    const { tx, caller } = context
    const given = { body: early.body, ...(id !== undefined && { id }) }
    if (publish) requireScope(caller, 'articles:publish')
    const written = publish
      ? await publishing.createPublishedIn(tx, caller, rest, given, early.rendered as never)
      : await articles.createIn(tx, caller, rest, given)
    const answered = await answer(context, written)
    const location = `/v1/editorial/articles/${written.article.id}`
    return { ...answered, status: 201, headers: { ...answered.headers, location } }
  }
  const early = (fields: Create): Early => {
    const body = bodyOf(fields) ?? []
    return { body, rendered: fields.publish ? publishing.renderBody(body) : undefined }
  }

  app.get(
    '/articles',
    {
      config: { scope: writers },
      schema: {
        operationId: 'listEditorialArticles',
        summary: 'List articles, last changed first',
        description: 'All but the trash, unless `state` says which. Contributors see their own drafts.',
        tags: ['Articles'],
        querystring: ListQuery,
        response: { 200: json('A page of articles', ArticleList, example.list, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, state } = request.query
      const filters = { editorial: true, state }
      const place = decodeCursor(cursor, filters)
      const rows = await articles.list(callerOf(request), { state, limit: limit + 1, place })
      const shown = pageOf(rows, limit, place, filters, ({ updatedAt, id }) => ({ at: updatedAt, id }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/articles',
    scope: writers,
    schema: {
      operationId: 'createArticle',
      summary: 'Create an article',
      description:
        'A draft, or with `publish` a published article. Without `slug` one is derived from the headline and numbered if it is taken; a `slug` that is given and taken is refused.',
      tags: ['Articles'],
      body: schema.ArticleCreate,
      bodyExample: example.articleCreate,
      response: { 201: json('The article', schema.EditorialArticle, example.article, CreatedHeaders) },
      problems: ['slug-taken', 'already-exists'],
    },
    prepare: ({ body }) => early(body),
    work: (context, { body }, ready) => createIn(context, body, ready),
  })

  app.get(
    '/articles/:id',
    {
      config: { scope: writers, isAlwaysSent: true },
      schema: {
        operationId: 'getEditorialArticle',
        summary: 'Read one article as it stands on the desk',
        description:
          'Whatever its state, with its text as blocks. The ETag is what If-Match needs; `state` and `lockedBy` also change without a new version, so there is no 304.',
        tags: ['Articles'],
        params: ArticleId,
        response: {
          200: json('The article', schema.EditorialArticle, example.article, TaggedHeaders),
        },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const article = await articles.get(callerOf(request), request.params.id)
      return reply.header('etag', versionTag(article.version)).send(article)
    },
  )

  writes.route(app, {
    method: 'PUT',
    url: '/articles/:id',
    scope: writers,
    schema: {
      operationId: 'replaceArticle',
      summary: 'Replace an article, or create it under your own id',
      description:
        'With `If-Match` it replaces what the article says; what is left out is emptied, but for the slug. With `If-None-Match: *` and a UUID of your own it creates.',
      tags: ['Articles'],
      params: ArticleId,
      headers: WriteHeaders.extend({
        'if-none-match': z.string().optional().meta({ description: '`*` to create only', example: '*' }),
      }),
      body: schema.ArticleReplace,
      bodyExample: {
        ...example.articleCreate,
        headline: 'U.S. and Russia to Meet Again After Six Hours of Talks in Istanbul',
      },
      response: {
        200: json('The article', schema.EditorialArticle, example.article, TaggedHeaders),
        201: json('The new article', schema.EditorialArticle, { ...example.article, state: 'draft' }, CreatedHeaders),
      },
      problems: [...changed],
    },
    prepare: ({ params, body }, request) => {
      const ready = early(body)
      textsOf(request).set(params.id, ready.body)
      return ready
    },
    work: async (context, { params: { id }, body, ifMatch, ifNoneMatch }, ready) => {
      if (ifNoneMatch === '*' && ifMatch === undefined) return createIn(context, body, ready, newId(id))
      const versions = requireVersion(ifMatch)
      return answer(context, await articles.replaceIn(context.tx, context.caller, id, versions, body, ready.body))
    },
  })

  writes.route(app, {
    method: 'PATCH',
    url: '/articles/:id',
    scope: writers,
    schema: {
      operationId: 'patchArticle',
      summary: 'Change some fields of an article',
      description:
        'A JSON Merge Patch (RFC 7396): null empties a field, lists are replaced whole. Or a JSON Patch (RFC 6902), a list of operations on the fields of the article with `body` as its blocks.',
      tags: ['Articles'],
      params: ArticleId,
      headers: WriteHeaders,
      consumes: [MERGE_PATCH, JSON_PATCH],
      body: PatchBody,
      bodyDocumented: schema.ArticlePatch,
      bodyExample: { headline: 'U.S. and Russia to Meet Again After Six Hours of Talks in Istanbul', standfirst: null },
      response: { 200: json('The article', schema.EditorialArticle, example.article, TaggedHeaders) },
      problems: [...changed, 'patch-test-failed'],
    },
    prepare: ({ params, body }, request) => {
      const blocks = earlyBody(body)
      if (blocks) textsOf(request).set(params.id, blocks)
      return { blocks }
    },
    work: async (context, { params, body, ifMatch }, ready) => {
      const versions = requireVersion(ifMatch)
      return answer(
        context,
        await articles.patchIn(context.tx, context.caller, params.id, versions, body, ready.blocks),
      )
    },
  })
}

type Create = z.output<typeof schema.ArticleCreate>
interface Early {
  body: Block[]
  rendered: unknown
}

const changed = [
  'not-found',
  'slug-taken',
  'already-exists',
  'invalid-transition',
  'version-mismatch',
  'version-required',
] as const

function newId(id: string): string {
  if (isUuid(id)) return id
  throw new Problem('not-found', 'An article of your own id needs a UUID in lower case as its address.')
}
