import * as z from 'zod'
import { Actor, Image } from '../articles/schema.ts'
import { instant, line, prose, slug, webAddress } from '../shared/fields.ts'

// Sections, tags and authors, as the desk defines them. What articles say of theirs is in articles/schema.ts.

export const termNames = ['section', 'tag', 'author'] as const
export type TermName = (typeof termNames)[number]

/** What a term says of itself besides its name. This is what is stored. */
export interface TermDetails {
  description?: string
  uri?: string
  url?: string
  jobTitle?: string
  image?: z.output<typeof Image>
  sameAs?: string[]
}

/** A subject of IPTC Media Topics has eight digits, and is `http`: it is a name and not an address to be fetched. */
const mediaTopic = /^http:\/\/cv\.iptc\.org\/newscodes\/mediatopic\/\d{8}$/
const topicUri = webAddress.refine(
  (value) => !/^https?:\/\/cv\.iptc\.org\/newscodes\/mediatopic/i.test(value) || mediaTopic.test(value),
  {
    error:
      'Must be spelled as IPTC names its Media Topics, as in "http://cv.iptc.org/newscodes/mediatopic/20000587": http, and eight digits',
  },
)

const newSlug = slug.optional().meta({
  description: 'Another slug for it: the present one goes on as a redirect. The present one if left out',
})
const description = prose(2000).nullish()

export const SectionReplace = z
  .strictObject({
    slug: newSlug,
    name: line(100),
    description,
    parent: slug.nullish().meta({ description: 'Slug of the section that it is a part of; null for none' }),
  })
  .meta({ id: 'SectionReplace', description: 'A whole section: what is left out is emptied' })

export const TagReplace = z
  .strictObject({
    slug: newSlug,
    name: line(100),
    description,
    uri: topicUri.nullish().meta({
      description: 'Names the subject in a vocabulary such as IPTC Media Topics',
      example: 'http://cv.iptc.org/newscodes/mediatopic/20000587',
    }),
  })
  .meta({ id: 'TagReplace', description: 'A whole tag: what is left out is emptied' })

export const AuthorReplace = z
  .strictObject({
    slug: newSlug,
    name: line(200),
    description: description.meta({ description: 'A few sentences about them' }),
    jobTitle: line(200).nullish(),
    url: webAddress.nullish().meta({ description: 'Their page' }),
    image: Image.nullish(),
    sameAs: z
      .array(webAddress)
      .max(20)
      .optional()
      .meta({ description: 'Other pages that are about them: ORCID, a profile elsewhere' }),
  })
  .meta({ id: 'AuthorReplace', description: 'A whole public profile of an author: what is left out is emptied' })

const patch = 'A JSON Merge Patch (RFC 7396): what is left out stays, null empties'
export const SectionPatch = SectionReplace.partial().meta({ id: 'SectionPatch', description: patch })
export const TagPatch = TagReplace.partial().meta({ id: 'TagPatch', description: patch })
export const AuthorPatch = AuthorReplace.partial()
  .extend({ sameAs: AuthorReplace.shape.sameAs.nullish() })
  .meta({ id: 'AuthorPatch', description: patch })

export type TermReplace = z.output<typeof SectionReplace> &
  Omit<z.output<typeof TagReplace>, 'slug'> &
  Omit<z.output<typeof AuthorReplace>, 'slug'>

const own = {
  slug: z.string(),
  formerSlugs: z.array(z.string()).meta({ description: 'They lead to the present one' }),
  name: z.string(),
  description: z.string().nullable(),
}
const standing = {
  isDefined: z.boolean().meta({
    description:
      'false where articles have brought it and nobody has written it: then each article shows its own name for it',
  }),
  articles: z.int().meta({ description: 'How many articles have it that readers see' }),
  version: z.int(),
  updatedAt: instant,
  updatedBy: Actor.nullable(),
}

export const EditorialSection = z
  .strictObject({ ...own, parent: z.string().nullable(), ...standing })
  .meta({ id: 'EditorialSection', description: 'A section as the desk sees it' })
export const EditorialTag = z
  .strictObject({ ...own, uri: z.string().nullable(), ...standing })
  .meta({ id: 'EditorialTag', description: 'A tag as the desk sees it' })
export const EditorialAuthor = z
  .strictObject({
    ...own,
    jobTitle: z.string().nullable(),
    url: z.string().nullable(),
    image: Image.nullable(),
    sameAs: z.array(z.string()),
    ...standing,
  })
  .meta({ id: 'EditorialAuthor', description: 'An author as the desk sees them' })

export type EditorialTerm =
  | z.output<typeof EditorialSection>
  | z.output<typeof EditorialTag>
  | z.output<typeof EditorialAuthor>
