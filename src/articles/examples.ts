import type * as z from 'zod'
import type { ArticleVersion, VersionDiff, VersionSummary } from './history-schema.ts'
import type { ArticleCreate, EditorialArticle, EditorialArticleSummary } from './schema.ts'

// Examples for the OpenAPI document, out of the source document that a new installation begins with. They are checked
// against their schemas by its linters.

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }

const headline = 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues'
const standfirst =
  'The discussions, held at the U.S. consul general’s residence, focused on embassy operations, staffing, visas, and banking access.'

export const articleCreate: z.input<typeof ArticleCreate> = {
  headline,
  standfirst,
  section: { name: 'World' },
  tags: [{ name: 'Diplomacy' }],
  authors: [{ name: 'Jane Doe' }],
  bodyMarkdown: 'Both sides described the talks as **constructive**, with a follow-up meeting planned.',
}

export const summary: EditorialArticleSummary = {
  id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  state: 'live',
  version: 2,
  headline,
  language: 'en',
  alternativeHeadline: null,
  kicker: null,
  standfirst,
  byline: null,
  dateline: null,
  section: { slug: 'world', name: 'World' },
  tags: [{ slug: 'diplomacy', name: 'Diplomacy' }],
  authors: [{ slug: 'jane-doe', name: 'Jane Doe' }],
  image: null,
  source: null,
  canonicalUrl: null,
  notes: null,
  slug: 'us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address',
  externalId: null,
  provenance: null,
  createdAt: '2026-11-22T17:58:40.112Z',
  createdBy: desk,
  updatedAt: '2026-11-22T18:04:05.000Z',
  updatedBy: desk,
  publishedAt: '2026-11-22T18:04:05.000Z',
  liveFrom: '2026-11-22T18:04:05.000Z',
  liveUntil: null,
  scheduled: null,
  killReason: null,
  lockedBy: null,
  edition: 1,
}

export const article: EditorialArticle = {
  ...summary,
  body: [
    {
      _type: 'block',
      _key: 'b1',
      style: 'normal',
      markDefs: [],
      children: [
        { _type: 'span', _key: 'b1s1', text: 'Both sides described the talks as ', marks: [] },
        { _type: 'span', _key: 'b1s2', text: 'constructive', marks: ['strong'] },
        { _type: 'span', _key: 'b1s3', text: ', with a follow-up meeting planned.', marks: [] },
      ],
    },
  ],
}

export const list = { data: [summary], page: { limit: 20, next: null, previous: null } }

const edit: VersionSummary = {
  version: 2,
  action: 'edit',
  note: 'The ministry called back.',
  hasText: true,
  createdAt: '2026-11-22T18:04:05.000Z',
  createdBy: desk,
}
export const versions = { data: [edit], page: { limit: 20, next: null, previous: null } }

export const version: ArticleVersion = {
  ...edit,
  content: {
    slug: summary.slug,
    externalId: null,
    headline: summary.headline,
    language: 'en',
    alternativeHeadline: null,
    kicker: null,
    standfirst: summary.standfirst,
    byline: null,
    dateline: null,
    section: summary.section,
    tags: summary.tags,
    authors: summary.authors,
    image: null,
    source: null,
    canonicalUrl: null,
    notes: null,
    provenance: null,
    body: article.body,
  },
}

export const diff: VersionDiff = {
  fields: [{ field: 'kicker', before: 'Talks', after: null }],
  body: [
    { kind: 'keep', count: 1 },
    { kind: 'add', blocks: article.body },
  ],
}
