import * as z from 'zod'
import { Block } from '../body/schema.ts'
import { instant } from '../shared/fields.ts'
import { Actor, type ArticleContent, EditorialArticle } from './schema.ts'

const blocks = z.array(Block)

const KeptBlocks = z
  .strictObject({
    kind: z.literal('keep'),
    count: z.int().min(1).meta({ description: 'How many blocks stay as they are' }),
    keys: z
      .array(z.string().nullable())
      .optional()
      .meta({ description: 'Their new `_key`s, where these are all that changed; null for none' }),
  })
  .meta({ id: 'KeptBlocks', description: 'Blocks that both versions have' })

const RemovedBlocks = z
  .strictObject({ kind: z.literal('remove'), blocks })
  .meta({ id: 'RemovedBlocks', description: 'Blocks that only the first version has' })

const AddedBlocks = z
  .strictObject({ kind: z.literal('add'), blocks })
  .meta({ id: 'AddedBlocks', description: 'Blocks that only the second version has' })

const ChangedBlocks = z
  .strictObject({ kind: z.literal('change'), blocks: z.array(z.strictObject({ before: Block, after: Block })) })
  .meta({ id: 'ChangedBlocks', description: 'Blocks that stand in place of as many others' })

export const BodyChange = z
  .discriminatedUnion('kind', [KeptBlocks, RemovedBlocks, AddedBlocks, ChangedBlocks])
  .meta({ id: 'BodyChange', description: 'What becomes of the next blocks of the first version, told apart by `kind`' })

export const FieldChange = z
  .strictObject({
    field: z.string().meta({ description: 'The name of the field. Fields may be added' }),
    before: z.unknown().meta({ description: 'Its value in the first version' }),
    after: z.unknown().meta({ description: 'Its value in the second version' }),
  })
  .meta({ id: 'FieldChange', description: 'A field that two versions have different values of' })

export const VersionDiff = z
  .strictObject({
    fields: z.array(FieldChange).meta({ description: 'Every field that differs, but for the body' }),
    body: z
      .array(BodyChange)
      .meta({ description: 'The way from the first body to the second, from top to bottom; empty if they are equal' }),
  })
  .meta({ id: 'VersionDiff', description: 'What leads from one version of an article to another' })

export type BodyChange = z.output<typeof BodyChange>
export type FieldChange = z.output<typeof FieldChange>
export type VersionDiff = z.output<typeof VersionDiff>

const summary = {
  version: z.int(),
  action: z.string().meta({ description: 'What was done, as in "create", "edit", "publish". Actions may be added' }),
  note: z.string().nullable().meta({ description: 'Why, in the words of who did it' }),
  hasText: z.boolean().meta({ description: 'Whether it brought a text; otherwise it only moved the article' }),
  createdAt: instant,
  createdBy: Actor,
}

export const VersionSummary = z
  .strictObject(summary)
  .meta({ id: 'ArticleVersionSummary', description: 'One write on an article: who, when and why' })

/** The fields of a content, in their order. The compiler asks for each. */
export const everyField: Record<keyof ArticleContent, true> = {
  slug: true,
  externalId: true,
  headline: true,
  language: true,
  alternativeHeadline: true,
  kicker: true,
  standfirst: true,
  byline: true,
  dateline: true,
  section: true,
  tags: true,
  authors: true,
  image: true,
  source: true,
  canonicalUrl: true,
  notes: true,
  provenance: true,
  body: true,
}

const ArticleText = EditorialArticle.pick(everyField).meta({ id: 'ArticleText', description: 'What an article said' })

export const ArticleVersion = z
  .strictObject({ ...summary, content: ArticleText.meta({ description: 'What the article said from then on' }) })
  .meta({ id: 'ArticleVersion', description: 'One version of an article' })

export type VersionSummary = z.output<typeof VersionSummary>
export type ArticleVersion = z.output<typeof ArticleVersion>
