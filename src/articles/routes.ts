import * as z from 'zod'
import { callerOf, requireScope } from '../access/guard.ts'
import type { Caller } from '../access/schema.ts'
import { MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, Page, pageLinks, pageOf } from '../http/paging.ts'
import { isUuid } from '../shared/fields.ts'
import { Problem } from '../shared/problem.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { ArticleService } from './service.ts'

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

interface Services {
  articles: ArticleService
  /** Creating and publishing at once is publishing's work; it is handed in, because that feature builds on this one. */
  createPublished: ArticleService['create']
}

/** Drafts: what the desk writes. Transitions are in publishing/routes.ts. */
export function articleRoutes(app: App, { articles, createPublished }: Services): void {
  const create = (
    caller: Caller,
    { publish = false, ...fields }: z.output<typeof schema.ArticleCreate>,
    id?: string,
  ) => {
    if (!publish) return articles.create(caller, fields, id === undefined ? {} : { id })
    requireScope(caller, 'articles:publish')
    return createPublished(caller, fields, id === undefined ? {} : { id })
  }

  app.get(
    '/articles',
    {
      config: { scope: ['articles:write', 'articles:write-own'] },
      schema: {
        operationId: 'listEditorialArticles',
        summary: 'List articles, last changed first',
        description: 'All but the trash, unless `state` says which. Contributors see their own drafts.',
        tags: ['Articles'],
        querystring: ListQuery,
        response: { 200: json('A page of articles', ArticleList, example.list) },
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

  app.post(
    '/articles',
    {
      config: { scope: ['articles:write', 'articles:write-own'] },
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
    },
    async (request, reply) => {
      const article = await create(callerOf(request), request.body)
      return reply
        .code(201)
        .header('location', `/v1/editorial/articles/${article.id}`)
        .header('etag', versionTag(article.version))
        .send(article)
    },
  )

  app.get(
    '/articles/:id',
    {
      config: { scope: ['articles:write', 'articles:write-own'] },
      schema: {
        operationId: 'getEditorialArticle',
        summary: 'Read one article as it stands on the desk',
        description: 'Whatever its state, with its text as blocks. The ETag is what If-Match needs.',
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

  app.put(
    '/articles/:id',
    {
      config: { scope: ['articles:write', 'articles:write-own'] },
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
        bodyExample: { ...example.articleCreate, headline: 'Ferry Service to All Islands Resumes' },
        response: {
          200: json('The article', schema.EditorialArticle, example.article, TaggedHeaders),
          201: json('The new article', schema.EditorialArticle, { ...example.article, state: 'draft' }, CreatedHeaders),
        },
        problems: [
          'not-found',
          'slug-taken',
          'already-exists',
          'invalid-transition',
          'version-mismatch',
          'version-required',
        ],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { id } = request.params
      const creates = request.headers['if-none-match'] === '*' && request.headers['if-match'] === undefined
      const article = creates
        ? await create(caller, request.body, newId(id))
        : await articles.replace(caller, id, requireVersion(request.headers['if-match']), request.body)
      if (creates) reply.code(201).header('location', `/v1/editorial/articles/${id}`)
      return reply.header('etag', versionTag(article.version)).send(article)
    },
  )

  app.patch(
    '/articles/:id',
    {
      config: { scope: ['articles:write', 'articles:write-own'] },
      schema: {
        operationId: 'patchArticle',
        summary: 'Change some fields of an article',
        description: 'A JSON Merge Patch (RFC 7396): null empties a field, lists are replaced whole.',
        tags: ['Articles'],
        params: ArticleId,
        headers: WriteHeaders,
        consumes: [MERGE_PATCH],
        body: z.record(z.string(), z.unknown()),
        bodyDocumented: schema.ArticlePatch,
        bodyExample: { headline: 'Ferry Service to All Islands Resumes', standfirst: null },
        response: { 200: json('The article', schema.EditorialArticle, example.article, TaggedHeaders) },
        problems: [
          'not-found',
          'slug-taken',
          'already-exists',
          'invalid-transition',
          'version-mismatch',
          'version-required',
        ],
      },
    },
    async (request, reply) => {
      const versions = requireVersion(request.headers['if-match'])
      const article = await articles.patch(callerOf(request), request.params.id, versions, request.body)
      return reply.header('etag', versionTag(article.version)).send(article)
    },
  )
}

function newId(id: string): string {
  if (isUuid(id)) return id
  throw new Problem('not-found', 'An article of your own id needs a UUID in lower case as its address.')
}
