import * as z from 'zod'
import { instant } from '../../shared/fields.ts'

const text = z.string()
const size = { width: z.int().optional(), height: z.int().optional() }
const thing = <Type extends string>(type: Type, fields: z.ZodRawShape) =>
  z.strictObject({ '@type': z.literal(type), ...fields })

/** What https://schema.org/NewsArticle has of an article; terms that it does not have are left out. */
export const NewsArticle = z
  .strictObject({
    '@context': z.literal('https://schema.org'),
    '@type': z.literal('NewsArticle'),
    '@id': text,
    url: text,
    mainEntityOfPage: text.meta({ description: 'The address of the original' }),
    identifier: text,
    inLanguage: text,
    headline: text,
    alternativeHeadline: text.optional(),
    description: text.optional(),
    datePublished: instant,
    dateModified: instant,
    version: text.meta({ description: 'The number of the edition' }),
    conditionsOfAccess: text.optional().meta({ description: 'Says that it is under embargo, and until when' }),
    author: z.array(thing('Person', { name: text, url: text.optional() })).optional(),
    creditText: text.optional().meta({ description: 'The byline as printed' }),
    publisher: z
      .strictObject({ '@type': z.literal('NewsMediaOrganization'), name: z.string(), url: z.string() })
      .optional(),
    dateline: text.optional(),
    articleSection: text.optional(),
    keywords: z.array(text).optional(),
    about: z.array(thing('Thing', { name: text, sameAs: text })).optional(),
    image: thing('ImageObject', {
      url: text,
      description: text.optional(),
      caption: text.optional(),
      creditText: text.optional(),
      ...size,
    }).optional(),
    correction: z.array(thing('CorrectionComment', { name: text, text, datePublished: instant })).optional(),
    isBasedOn: thing('CreativeWork', { name: text, url: text.optional() }).optional(),
    wordCount: z.int(),
    timeRequired: text.meta({ description: 'ISO 8601 duration' }),
    articleBody: text.meta({ description: 'Plain text' }),
  })
  .meta({
    id: 'NewsArticle',
    description: 'An article as schema.org has it, safe to stand in a script element as it is',
  })
export type NewsArticle = z.output<typeof NewsArticle>

const said = { role: text, contentType: text, value: text }
const Said = z.strictObject(said)
const Rendition = z.strictObject({
  name: text,
  href: text,
  ...size,
  poi: z.strictObject({ x: z.int(), y: z.int() }).optional(),
})
const Association = z.strictObject({
  name: text,
  rel: text.optional(),
  uri: text,
  type: z.enum(['picture', 'text']),
  headlines: z.array(Said).optional(),
  descriptions: z.array(Said).optional(),
  by: text.optional(),
  renditions: z.array(Rendition).optional(),
})

/** What IPTC ninjs 3.1 has of an article. */
export const Ninjs = z
  .strictObject({
    uri: text,
    type: z.literal('text'),
    representationType: z.literal('full'),
    version: text.meta({ description: 'The number of the edition' }),
    firstCreated: instant,
    versionCreated: instant.meta({ description: 'Last change of substance' }),
    embargoedUntil: instant.optional(),
    pubStatus: z.enum(['usable', 'withheld']),
    language: text,
    headlines: z.array(Said),
    descriptions: z.array(Said).optional(),
    bodies: z.array(z.strictObject({ ...said, wordCount: z.int(), charCount: z.int().optional() })),
    by: text.optional(),
    slugline: text,
    located: text.optional(),
    edNote: text.optional().meta({ description: 'The corrections' }),
    subjects: z
      .array(z.strictObject({ name: text, rel: text, uri: text.optional(), literal: text.optional() }))
      .optional(),
    infoSources: z.array(z.strictObject({ name: text, role: text, uri: text.optional() })).optional(),
    renditions: z.array(Rendition),
    associations: z
      .array(Association)
      .optional()
      .meta({ description: 'The picture, called `main`, and the related headlines in order' }),
    altIds: z.array(z.strictObject({ role: text, value: text })).optional(),
    standard: z.strictObject({ name: text, version: text, schema: text }),
  })
  .meta({ id: 'Ninjs', description: 'An article as IPTC ninjs 3.1 has it' })
export type Ninjs = z.output<typeof Ninjs>
