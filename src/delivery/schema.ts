import * as z from 'zod'
import { Author, Image, Section, Source, Tag } from '../articles/schema.ts'
import { Body } from '../body/schema.ts'
import { Prominence } from '../headlines/link-schema.ts'
import { cursor, limit, Page } from '../http/paging.ts'
import { instant, uuid } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

const ArticleLink = z
  .strictObject({ kind: z.literal('article'), id: uuid, slug: z.string() })
  .meta({ id: 'PublishedArticleTarget', description: 'An article of ours, by id and by its present slug' })
const UrlLink = z
  .strictObject({ kind: z.literal('url'), url: z.string() })
  .meta({ id: 'PublishedUrlTarget', description: 'A page elsewhere' })

const RailLink = z
  .strictObject({ kind: z.literal('rail'), key: z.string() })
  .meta({ id: 'PublishedRailTarget', description: 'A rail, whose address the front end knows' })
const SectionLink = z
  .strictObject({ kind: z.literal('section'), slug: z.string() })
  .meta({ id: 'PublishedSectionTarget', description: 'A section, whose address the front end knows' })
const TagLink = z
  .strictObject({ kind: z.literal('tag'), slug: z.string() })
  .meta({ id: 'PublishedTagTarget', description: 'A tag, whose address the front end knows' })

const Sublink = z
  .strictObject({
    id: uuid,
    headline: z.string(),
    kicker: z.string().optional(),
    url: z.string().nullable(),
    target: z.discriminatedUnion('kind', [ArticleLink, UrlLink]).nullable(),
  })
  .meta({ id: 'Sublink', description: 'A headline below another one' })

export const HeadlineLink = z
  .strictObject({
    id: uuid.meta({ description: "Of the link; its article's where a rail filled up with it" }),
    position: z.int().meta({ description: 'From 0, without gaps' }),
    headline: z.string(),
    kicker: z.string().optional(),
    summary: z.string().optional(),
    byline: z.string().optional(),
    image: Image.optional(),
    url: z.string().nullable().meta({
      description:
        'Where the headline leads; null while its story is not written, and for rails, sections and tags, whose address the front end makes of `target`',
    }),
    label: z.string().optional(),
    prominence: Prominence,
    pinned: z.boolean().meta({ description: 'Whether it keeps its place while others come and go' }),
    target: z
      .discriminatedUnion('kind', [ArticleLink, UrlLink, RailLink, SectionLink, TagLink])
      .nullable()
      .meta({ description: 'What it points at; the newest article of a section or tag is that article' }),
    publishedAt: instant.optional().meta({ description: "The target article's first publication" }),
    sublinks: z.array(Sublink).optional().meta({ description: 'Headlines below this one, if there are any' }),
    backfilled: z
      .boolean()
      .optional()
      .meta({ description: 'true where nobody has placed it: the rail filled up with the newest articles' }),
  })
  .meta({ id: 'HeadlineLink', description: 'One headline of an ordered list' })
export type HeadlineLink = z.output<typeof HeadlineLink>

const Correction = z
  .strictObject({ kind: z.string(), text: z.string(), publishedAt: instant })
  .meta({ id: 'Correction', description: 'A correction that readers are told of' })

export const Article = z
  .strictObject({
    id: uuid,
    slug: z.string(),
    url: z.string(),
    language: z.string(),
    headline: z.string(),
    alternativeHeadline: z.string().optional(),
    kicker: z.string().optional(),
    standfirst: z.string().optional(),
    byline: z.string().nullable(),
    authors: z.array(Author),
    dateline: z.string().optional(),
    section: Section.nullable(),
    tags: z.array(Tag),
    image: Image.nullable(),
    publishedAt: instant.meta({ description: 'First publication' }),
    updatedAt: instant.meta({ description: 'Last change of substance' }),
    edition: z.int().meta({ description: 'Grows with each publication' }),
    corrections: z.array(Correction),
    embargoedUntil: instant
      .optional()
      .meta({ description: 'Not to be published before. Only for keys that may read pieces under embargo' }),
    source: Source.nullable(),
    canonicalUrl: z.string().nullable(),
    wordCount: z.int(),
    readingMinutes: z.int(),
    bodyHtml: z.string().optional().meta({ description: 'HTML, safe to insert as it is' }),
    body: Body.optional().meta({ description: 'Blocks in the shape of Portable Text' }),
    bodyMarkdown: z.string().optional(),
    bodyText: z.string().optional().meta({ description: 'Plain text; a blank line between paragraphs' }),
    headlines: z.array(HeadlineLink).optional(),
  })
  .meta({ id: 'Article', description: 'An article as readers get it' })
export type Article = z.output<typeof Article>

export const ArticlePage = z
  .strictObject({ data: z.array(Article), page: Page })
  .meta({ id: 'ArticlePage', description: 'Articles, newest first' })

export const RelatedArticles = z
  .strictObject({ data: z.array(Article) })
  .meta({ id: 'RelatedArticles', description: 'Articles that are related to one, the most so first' })

export const Headlines = z
  .strictObject({ data: z.array(HeadlineLink) })
  .meta({ id: 'Headlines', description: 'The headline links of one article, in order' })

/** What a rail or a front says of itself. */
const namedFields = {
  key: z.string(),
  title: z.string(),
  description: z.string().optional(),
  language: z.string().optional(),
  updatedAt: instant,
}
export const Rail = z
  .strictObject({ ...namedFields, items: z.array(HeadlineLink) })
  .meta({ id: 'Rail', description: 'An ordered list of headlines with a name' })
export const RailList = z
  .strictObject({ data: z.array(Rail), page: Page })
  .meta({ id: 'RailPage', description: 'Rails, by key' })

export const Front = z
  .strictObject({ ...namedFields, rails: z.array(Rail).meta({ description: 'In the order of the page' }) })
  .meta({ id: 'Front', description: 'A page made of rails' })
const FrontSummary = z
  .strictObject({
    ...namedFields,
    rails: z.array(z.string()).meta({ description: 'Their keys, in the order of the page' }),
  })
  .meta({ id: 'FrontSummary', description: 'A page made of rails, without what these hold' })
export const FrontList = z
  .strictObject({ data: z.array(FrontSummary), page: Page })
  .meta({ id: 'FrontPage', description: 'Fronts, by key' })

/** The forms of a body and the field that each comes in. */
export const bodyFields = { html: 'bodyHtml', blocks: 'body', markdown: 'bodyMarkdown', text: 'bodyText' } as const
export type BodyForm = keyof typeof bodyFields
export const bodyForms = Object.keys(bodyFields) as BodyForm[]

const isForms = (value: string): boolean => {
  const names = value.split(',')
  return (
    names.every((name) => name === 'none' || Object.hasOwn(bodyFields, name)) && new Set(names).size === names.length
  )
}

/** `?body=html,text`: which forms of the body come, in no particular order; `none` for no body. */
export const bodyParameter = (standard: string) =>
  z
    .string()
    .refine((value) => isForms(value) && (value === 'none' || !value.split(',').includes('none')), {
      error: `Must be some of ${bodyForms.join(', ')}, joined by commas, or none`,
    })
    .optional()
    .meta({
      description: `Forms of the body, joined by commas: ${bodyForms.join(', ')}; or none. ${standard} if left out`,
      example: 'html',
    })

export const at = instantInput.optional().meta({
  description:
    'What is public at this instant instead of now. Needs a key with `preview:read` for the future and, unless the installation opens it, for the past',
})
export const embargoed = z
  .literal('true')
  .optional()
  .meta({
    description: 'What is to be public later and is under embargo. Needs a key with `embargo:read`',
    override: { type: 'string', enum: ['true'] },
  })

/** The formats of one article. The first is given to who does not care. */
export const formatNames = ['json', 'html', 'markdown', 'text', 'jsonld', 'ninjs'] as const
export type FormatName = (typeof formatNames)[number]

export const RailListQuery = z.strictObject({ at, limit, cursor })
export const AtQuery = z.strictObject({ at })
export const MomentQuery = z.strictObject({ at, embargoed })
export const ResolveQuery = z.strictObject({
  path: z
    .string()
    .max(1000)
    .regex(/^\/[^#]*$/, { error: 'Must be a path as in "/news/ferry-service", beginning with "/"' })
    .meta({
      description:
        'A path of the public site, without host. A query counts only where it is the number of a page, as in "/?p=12" of WordPress',
      example: '/v1/articles/us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address',
    }),
})

export const Resolved = z
  .strictObject({
    status: z
      .enum(['live', 'moved', 'gone', 'unknown'])
      .meta({ description: '`gone` for good: killed or erased. Values may be added' }),
    location: z.string().optional().meta({ description: 'Its present address' }),
    id: uuid.optional(),
    slug: z.string().optional(),
    reason: z.string().optional().meta({ description: 'Why it is gone, as a code' }),
  })
  .meta({ id: 'Resolved', description: 'What is at a path of the site' })

export const IdOrSlug = z.object({
  idOrSlug: z.string().max(200).meta({
    description: 'The id or the slug of an article',
    example: 'us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address',
  }),
})
export const Key = z.object({
  key: z.string().max(200).meta({ description: 'The key of a rail', example: 'home-top' }),
})
export const FrontKey = z.object({
  key: z.string().max(200).meta({ description: 'The key of a front', example: 'home' }),
})
