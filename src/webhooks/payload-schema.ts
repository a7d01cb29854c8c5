import * as z from 'zod'
import { type PublicKind, publicKinds } from '../events/schema.ts'
import { instant, uuid } from '../shared/fields.ts'
import { TEST_KIND } from './formats.ts'

// What receivers get, for the OpenAPI document: one named schema for each kind of message.

const subject = (kind: string) => z.strictObject({ kind: z.literal(kind), id: z.string() })
const seq = z.int().meta({ description: 'The number of the event in the log: later ones have higher numbers' })
const changed = z.array(z.string()).optional().meta({ description: 'Names of the fields that changed' })
const tags = z.array(z.string()).optional().meta({ description: 'By which names caches take out what shows it' })

const dataOf = {
  article: z
    .strictObject({
      seq,
      subject: z.strictObject({ kind: z.literal('article'), id: uuid }),
      version: z.int().optional().meta({ description: 'The edition that readers have, or had' }),
      slug: z.string().optional().meta({
        description:
          'Like `headline` and `url` there only while readers have this edition, be the message sent however late',
      }),
      formerSlug: z.string().optional().meta({ description: 'The slug before, where it moved, while it leads on' }),
      headline: z.string().optional(),
      url: z.string().optional().meta({ description: 'Where readers find it' }),
      sections: z.array(z.string()).optional().meta({ description: 'Keys of its section and those above it' }),
      formerSections: z.array(z.string()).optional().meta({ description: 'Those that it has left' }),
      language: z.string().optional(),
      changed,
      reason: z.string().nullable().optional().meta({ description: 'Why it was killed' }),
      tags,
    })
    .meta({ id: 'ArticleMessageData', description: 'What a message says of an article; the article itself is read' }),
  rail: z
    .strictObject({ seq, subject: subject('rail'), changed, tags })
    .meta({ id: 'RailMessageData', description: 'What a message says of a rail' }),
  front: z
    .strictObject({ seq, subject: subject('front'), changed, tags })
    .meta({ id: 'FrontMessageData', description: 'What a message says of a front' }),
  taxonomy: z
    .strictObject({
      seq,
      subject: z.strictObject({ kind: z.string(), id: z.string() }),
      slug: z.string().optional(),
      formerSlug: z.string().optional(),
      changed,
      tags,
    })
    .meta({ id: 'TaxonomyMessageData', description: 'What a message says of a section, a tag or an author' }),
  desk: z
    .strictObject({
      seq,
      subject: z.strictObject({ kind: z.string(), id: z.string() }),
      version: z.int().optional().meta({ description: 'The version that the write has made' }),
      headline: z.string().optional().meta({ description: 'What the clock switched off is called' }),
      changed,
      reason: z.string().nullable().optional().meta({ description: 'Why, where the clock did it' }),
    })
    .meta({ id: 'DeskMessageData', description: 'What a message says of something that was done at the desk' }),
  webhook: z
    .strictObject({ seq: z.literal(0), subject: subject('webhook'), tags })
    .meta({ id: 'TestMessageData', description: 'What a test says' }),
}

/** Stands for all kinds of the desk. */
const DESK = 'desk.*'

const summaries: Record<PublicKind | typeof DESK | typeof TEST_KIND, string> = {
  'article.published': 'An article is public for the first time, or again',
  'article.updated': 'Readers get a new edition of an article',
  'article.corrected': 'An article was corrected',
  'article.moved': 'An article has another slug',
  'article.withdrawn': 'An article was withdrawn',
  'article.expired': 'The time of an article is over',
  'article.killed': 'An article was killed: it must go everywhere',
  'article.erased': 'An article was erased: it must go everywhere',
  'rail.changed': 'A rail has changed for readers',
  'rail.deleted': 'A rail was deleted',
  'front.changed': 'A front has changed for readers',
  'front.deleted': 'A front was deleted',
  'taxonomy.changed': 'A section, a tag or an author has changed',
  'desk.*': 'Something was done at the desk, unpublished work too: for endpoints that ask for it',
  'webhook.test': 'Somebody tries the endpoint',
}

const title = (kind: string) =>
  kind.replace('.*', '').replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())

const headers = z.object({
  'webhook-id': z.string().meta({ description: 'The id of the event, the same each time that it is sent' }),
  'webhook-timestamp': z.string().meta({ description: 'The time of the attempt, in seconds since 1970' }),
  'webhook-signature': z.string().meta({
    description: 'One signature (`v1,` and base64 of HMAC-SHA256) or two, separated by a space, while secrets change',
  }),
})

const at = '2026-11-22T18:20:59.900Z'
const examples: Record<keyof typeof dataOf, object> = {
  article: {
    seq: 1205,
    subject: { kind: 'article', id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' },
    version: 2,
    slug: 'us-russia-istanbul-talks',
    headline: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
    url: 'https://news.example/us-russia-istanbul-talks',
    language: 'en',
    sections: ['world'],
    tags: ['a-AZsPYSxEfRCKVQpvPx-bAg', 'articles'],
  },
  rail: { seq: 1206, subject: { kind: 'rail', id: 'home-top' }, tags: ['r-home-top', 'rails'] },
  front: { seq: 1207, subject: { kind: 'front', id: 'home' }, tags: ['f-home', 'fronts'] },
  taxonomy: {
    seq: 1208,
    subject: { kind: 'section', id: 'world' },
    slug: 'world',
    changed: ['name'],
    tags: ['taxonomy'],
  },
  desk: {
    ...{ seq: 1209, subject: { kind: 'article', id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' } },
    ...{ version: 4, changed: ['body'] },
  },
  webhook: { seq: 0, subject: { kind: 'webhook', id: '019b0f82-3e4f-7051-8c6d-7e8f9a0b1c2d' }, tags: ['webhook-test'] },
}

/** The messages, by their kinds, as the OpenAPI document has them. */
export const documentedMessages = Object.fromEntries(
  [...publicKinds, DESK, TEST_KIND].map((kind) => {
    const type = kind === DESK ? 'desk.patchArticle' : kind
    const of = kind.split('.')[0] as keyof typeof dataOf
    const summary = summaries[kind as keyof typeof summaries]
    const schema = z
      .strictObject({
        type:
          kind === DESK
            ? z
                .string()
                .regex(/^desk\./)
                .meta({ description: '"desk." and the operation that wrote' })
            : z.literal(kind),
        timestamp: instant.meta({ description: 'When it happened' }),
        data: dataOf[of],
      })
      .meta({ id: `${title(kind)}Message`, description: summary })
    const example = { type, timestamp: at, data: examples[of] }
    return [kind, { summary, schema, headers, example }]
  }),
)
