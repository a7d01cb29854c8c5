import type * as z from 'zod'
import type {
  AuthorReplace,
  EditorialAuthor,
  EditorialSection,
  EditorialTag,
  SectionReplace,
  TagReplace,
} from './schema.ts'

// Examples for the OpenAPI document: what the source document's article has.

const standing = {
  isDefined: true,
  articles: 1,
  version: 2,
  updatedAt: '2026-11-22T18:10:00.000Z',
  updatedBy: { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' },
}
const page = { limit: 20, next: null, previous: null }

export const section: z.output<typeof EditorialSection> = {
  slug: 'world',
  formerSlugs: ['foreign'],
  name: 'World',
  description: 'What happens abroad',
  parent: 'news',
  ...standing,
}
const mediaTopic = 'http://cv.iptc.org/newscodes/mediatopic/20000587'
export const tag: z.output<typeof EditorialTag> = {
  slug: 'diplomacy',
  formerSlugs: [],
  name: 'Diplomacy',
  description: null,
  uri: mediaTopic,
  ...standing,
}
export const author: z.output<typeof EditorialAuthor> = {
  slug: 'jane-doe',
  formerSlugs: [],
  name: 'Jane Doe',
  description: 'Jane Doe writes about diplomacy, and lived in Istanbul.',
  jobTitle: 'Diplomatic correspondent',
  url: 'https://news.example/authors/jane-doe',
  image: null,
  sameAs: ['https://orcid.org/0000-0002-1825-0097'],
  ...standing,
}
export const sectionPage = { data: [section], page }
export const tagPage = { data: [tag], page }
export const authorPage = { data: [author], page }

export const sectionReplace: z.input<typeof SectionReplace> = {
  name: 'World',
  description: 'What happens abroad',
  parent: 'news',
}
export const tagReplace: z.input<typeof TagReplace> = { name: 'Diplomacy', uri: mediaTopic }
export const authorReplace: z.input<typeof AuthorReplace> = {
  name: 'Jane Doe',
  description: 'Jane Doe writes about diplomacy, and lived in Istanbul.',
  jobTitle: 'Diplomatic correspondent',
  url: 'https://news.example/authors/jane-doe',
  sameAs: ['https://orcid.org/0000-0002-1825-0097'],
}
