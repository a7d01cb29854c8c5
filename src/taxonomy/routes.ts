import * as z from 'zod'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, Page, PageQuery, pageLinks, pageOf } from '../http/paging.ts'
import { slug } from '../shared/fields.ts'
import { checked } from '../shared/validation.ts'
import type { Written } from '../shared/write.ts'
import * as example from './examples.ts'
import { plural } from './rules.ts'
import * as schema from './schema.ts'
import { type ChangedTerm, subjectOf, type TaxonomyService } from './service.ts'

const scope = 'taxonomy:write' as const

/** The three kinds, which are written alike. */
const kinds = {
  section: {
    name: 'Section',
    fields: schema.SectionReplace,
    patch: schema.SectionPatch,
    shown: schema.EditorialSection,
    example: example.section,
    page: example.sectionPage,
    fieldsExample: example.sectionReplace,
    says: 'Articles of a section are in all sections that it is a part of; with `parent` it is moved, and its articles with it.',
  },
  tag: {
    name: 'Tag',
    fields: schema.TagReplace,
    patch: schema.TagPatch,
    shown: schema.EditorialTag,
    example: example.tag,
    page: example.tagPage,
    fieldsExample: example.tagReplace,
    says: 'Its `uri` is that of all articles that have it.',
  },
  author: {
    name: 'Author',
    fields: schema.AuthorReplace,
    patch: schema.AuthorPatch,
    shown: schema.EditorialAuthor,
    example: example.author,
    page: example.authorPage,
    fieldsExample: example.authorReplace,
    says: 'Bylines that are made of the names of authors follow.',
  },
} as const

/** Sections, tags and authors. Every write is public at once, on all articles that readers see. */
export function taxonomyRoutes(app: App, writes: EditorialWrites, taxonomy: TaxonomyService): void {
  for (const kind of schema.termNames) termRoutes(app, writes, taxonomy, kind)
}

function termRoutes(app: App, writes: EditorialWrites, taxonomy: TaxonomyService, kind: schema.TermName): void {
  const { name, fields, patch, shown, example, page, fieldsExample, says } = kinds[kind]
  const url = `/${plural[kind]}`
  const tags = ['Taxonomy']
  const params = z.object({
    slug: z
      .string()
      .max(200)
      .meta({ description: `A slug of the ${kind}, present or former`, example: example.slug }),
  })
  const List = z
    .strictObject({ data: z.array(shown as z.ZodType), page: Page })
    .meta({ id: `Editorial${name}Page`, description: `${name}s, by slug` })
  // How many articles have it changes without a version: there is no 304.
  const config = { scope, isAlwaysSent: true }

  const answer = async ({ tx }: WriteContext, changing: Promise<ChangedTerm>): Promise<Written> => {
    const changed = await changing
    const body = await taxonomy.showIn(tx, changed.term)
    return { headers: { etag: versionTag(body.version) }, body, subject: subjectOf(changed) }
  }

  app.get(
    url,
    {
      config,
      schema: {
        operationId: `listEditorial${name}s`,
        summary: `List the ${plural[kind]}`,
        description: `By slug: those that the desk has defined, and those that published articles have brought.`,
        tags,
        querystring: PageQuery,
        response: { 200: json(`A page of ${plural[kind]}`, List, page, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const filters = `editorial ${plural[kind]}`
      const place = decodeCursor(cursor, filters)
      const rows = await taxonomy.list(kind, limit + 1, place)
      const shownPage = pageOf(rows, limit, place, filters, (row) => ({ at: NO_TIME, id: row.slug }))
      reply.header('link', pageLinks(request.url, shownPage.page))
      return { data: shownPage.rows.map((row) => row.shown), page: shownPage.page }
    },
  )

  app.get(
    `${url}/:slug`,
    {
      config,
      schema: {
        operationId: `getEditorial${name}`,
        summary: `Read one ${kind}`,
        description: 'Also under a former slug. The ETag is what If-Match needs; 0 where nobody has written it yet.',
        tags,
        params,
        response: { 200: json(`The ${kind}`, shown, example, TaggedHeaders) },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const found = await taxonomy.get(kind, request.params.slug)
      return reply.header('etag', versionTag(found.version)).send(found as never)
    },
  )

  writes.route(app, {
    method: 'PUT',
    url: `${url}/:slug`,
    scope,
    schema: {
      operationId: `replace${name}`,
      summary: `Define a ${kind}, or define it anew`,
      description: `With \`If-None-Match: *\` it is made; with \`If-Match\` it is replaced, also one that articles have brought (\`"0"\`). Public at once, on every article that has it. With another \`slug\` the present one goes on as a redirect, for ever. ${says}`,
      tags,
      params,
      headers: WriteHeaders.extend({
        'if-none-match': z.string().optional().meta({ description: '`*` to create only', example: '*' }),
      }),
      body: fields as z.ZodType,
      bodyExample: fieldsExample,
      response: {
        200: json(`The ${kind}`, shown, example, TaggedHeaders),
        201: json(`The new ${kind}`, shown, { ...example, articles: 0, version: 1, formerSlugs: [] }, CreatedHeaders),
      },
      problems: ['not-found', 'already-exists', 'version-mismatch', 'version-required'],
    },
    work: async (context, { params, body, ifMatch, ifNoneMatch }) => {
      const { tx, caller } = context
      const written = body as schema.TermReplace
      if (ifNoneMatch !== '*' || ifMatch !== undefined) {
        const versions = requireVersion(ifMatch)
        return answer(context, taxonomy.replaceIn(tx, caller, kind, params.slug, versions, written))
      }
      checked(z.object({ slug }), { slug: params.slug })
      const made = await answer(context, taxonomy.createIn(tx, caller, kind, params.slug, written))
      const location = `/v1/editorial${url}/${params.slug}`
      return { ...made, status: 201, headers: { ...made.headers, location } }
    },
  })

  writes.route(app, {
    method: 'PATCH',
    url: `${url}/:slug`,
    scope,
    schema: {
      operationId: `patch${name}`,
      summary: `Change a ${kind}: its name, its slug, or what it says`,
      description: `A JSON Merge Patch (RFC 7396): what is left out stays. Also of one that articles have brought (\`"0"\`). ${says}`,
      tags,
      params,
      headers: WriteHeaders,
      consumes: [MERGE_PATCH],
      body: patch as z.ZodType,
      bodyExample: { name: example.name },
      response: { 200: json(`The ${kind}`, shown, example, TaggedHeaders) },
      problems: ['not-found', 'already-exists', 'version-mismatch', 'version-required'],
    },
    work: (context, { params, body, ifMatch }) => {
      const changes = {
        fields: body as Partial<schema.TermReplace>,
        check: (whole: object) => checked(fields as z.ZodType, whole) as schema.TermReplace,
      }
      const { tx, caller } = context
      return answer(context, taxonomy.patchIn(tx, caller, kind, params.slug, requireVersion(ifMatch), changes))
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: `${url}/:slug`,
    scope,
    schema: {
      operationId: `delete${name}`,
      summary: `Delete a ${kind} that nothing has`,
      description: 'Only where no edition of an article has it, be it a former one, and nothing is in it.',
      tags,
      params,
      headers: WriteHeaders,
      response: { 204: { description: 'It is gone, and its slugs are free' } },
      problems: ['not-found', 'in-use', 'version-mismatch', 'version-required'],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      const deleted = await taxonomy.deleteIn(tx, caller, kind, params.slug, requireVersion(ifMatch))
      return { status: 204, subject: subjectOf(deleted) }
    },
  })
}
