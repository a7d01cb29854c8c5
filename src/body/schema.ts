import { z } from 'zod'
import { bodyIssues } from './checks.ts'
import { DECORATORS } from './decorators.ts'
import { isHref, isImageUrl, isWebUrl, MAX_URL } from './url.ts'

export { BodyTooDeep } from './too-deep.ts'

/** The longest text of one span, in UTF-16 code units. */
export const MAX_SPAN = 20_000
/** The longest caption, credit, title or alternative text, in UTF-16 code units. */
export const MAX_LINE = 2_000
/** The deepest level of a list. */
export const MAX_LEVEL = 8

// Neither engine can store these two inside JSON, so they are refused here rather than by the database.
const storable = (text: string) => text.isWellFormed() && !text.includes('\0')
const text = (max: number) =>
  z.string().max(max).refine(storable, { error: 'Must not hold U+0000 or half of a surrogate pair' })

const Key = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,64}$/, { error: 'Must be 1 to 64 of A-Z a-z 0-9 _ . : -' })
  .meta({ description: 'Names this part within its array, and stays the same while the part is edited.' })
const WebUrl = z.string().max(MAX_URL).refine(isWebUrl, { error: 'Must be an http or https address' })
const ImageUrl = z
  .string()
  .max(MAX_URL)
  .refine(isImageUrl, { error: 'Must be an http or https address or a relative path, without spaces' })
const Href = z.string().max(MAX_URL).refine(isHref, {
  error: 'Must be an http, https, mailto or tel address or a relative path, without spaces',
})

/** A run of text with the same marks. */
export const Span = z
  .strictObject({
    _type: z.literal('span'),
    _key: Key.optional(),
    text: text(MAX_SPAN).meta({ description: 'Plain text, never HTML. A newline is a line break.' }),
    marks: z
      .array(z.string().max(64))
      .max(20)
      .optional()
      .meta({ description: `Each is a decorator (${DECORATORS.join(', ')}) or the \`_key\` of a markDef.` }),
  })
  .meta({ id: 'Span', description: 'A run of text with the same marks.' })

/** A link, referred to by the spans that carry its `_key`. */
export const LinkMark = z
  .strictObject({
    _type: z.literal('link'),
    _key: Key,
    href: Href.meta({ description: 'http, https, mailto, tel, or a relative reference.' }),
    title: text(MAX_LINE).optional(),
  })
  .meta({ id: 'LinkMark', description: 'A link that spans refer to by its `_key`.' })

const children = z.array(Span).max(10_000)
const markDefs = z.array(LinkMark).max(1_000).optional()

/** A paragraph, heading, quotation or list item. */
export const TextBlock = z
  .strictObject({
    _type: z.literal('block'),
    _key: Key.optional(),
    style: z.enum(['normal', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote']).optional(),
    listItem: z.enum(['bullet', 'number']).optional(),
    level: z.int().min(1).max(MAX_LEVEL).optional().meta({ description: 'Depth of a list item; 1 is outermost.' }),
    children,
    markDefs,
  })
  .meta({ id: 'TextBlock', description: 'A paragraph, heading, quotation or list item (Portable Text block).' })

/** A picture with its caption and credit. */
export const ImageBlock = z
  .strictObject({
    _type: z.literal('image'),
    _key: Key.optional(),
    url: ImageUrl.meta({ description: 'http, https, or a relative reference.' }),
    alt: text(MAX_LINE).meta({ description: 'What the picture shows, for those who cannot see it. May be empty.' }),
    caption: text(MAX_LINE).optional(),
    credit: text(MAX_LINE).optional(),
  })
  .meta({ id: 'ImageBlock', description: 'A picture with its caption and credit.' })

/** Preformatted text. */
export const CodeBlock = z
  .strictObject({
    _type: z.literal('code'),
    _key: Key.optional(),
    code: text(1_000_000),
    language: z
      .string()
      .regex(/^[A-Za-z0-9_+#.-]{1,40}$/, { error: 'Must be 1 to 40 of A-Z a-z 0-9 _ + # . -' })
      .optional(),
  })
  .meta({ id: 'CodeBlock', description: 'Preformatted text, kept to the character.' })

/** A break between parts of a story. */
export const DividerBlock = z
  .strictObject({ _type: z.literal('divider'), _key: Key.optional() })
  .meta({ id: 'DividerBlock', description: 'A break between parts of a story.' })

/** One cell of a table. */
export const TableCell = z
  .strictObject({
    _type: z.literal('cell'),
    _key: Key.optional(),
    header: z.boolean().optional(),
    children,
    markDefs,
  })
  .meta({ id: 'TableCell', description: 'One cell of a table.' })

/** One row of a table. */
export const TableRow = z
  .strictObject({ _type: z.literal('row'), _key: Key.optional(), cells: z.array(TableCell).min(1).max(200) })
  .meta({ id: 'TableRow', description: 'One row of a table.' })

/** A table of text. */
export const TableBlock = z
  .strictObject({
    _type: z.literal('table'),
    _key: Key.optional(),
    rows: z.array(TableRow).min(1).max(2_000),
    caption: text(MAX_LINE).optional(),
  })
  .meta({ id: 'TableBlock', description: 'A table of text.' })

/** Something shown from elsewhere, by its address. */
export const EmbedBlock = z
  .strictObject({ _type: z.literal('embed'), _key: Key.optional(), url: WebUrl, title: text(MAX_LINE).optional() })
  .meta({ id: 'EmbedBlock', description: 'A video, post or map from elsewhere, by address. No provider HTML is kept.' })

/** One part of a body. */
export const Block = z
  .discriminatedUnion('_type', [TextBlock, ImageBlock, CodeBlock, DividerBlock, TableBlock, EmbedBlock])
  .meta({ id: 'Block', description: 'One part of a body, told apart by `_type`.' })

/** The text of an article: blocks in Portable Text shape, at most 2,000 blocks and 1,000,000 characters. */
export const Body = z
  .array(Block)
  .max(2_000)
  .superRefine((blocks, context) => {
    for (const { path, message } of bodyIssues(blocks)) context.addIssue({ code: 'custom', path, message })
  })
  .meta({ id: 'Body', description: 'The text of an article, as an array of blocks in Portable Text shape.' })

export type Span = z.infer<typeof Span>
export type LinkMark = z.infer<typeof LinkMark>
export type TextBlock = z.infer<typeof TextBlock>
export type ImageBlock = z.infer<typeof ImageBlock>
export type CodeBlock = z.infer<typeof CodeBlock>
export type DividerBlock = z.infer<typeof DividerBlock>
export type TableCell = z.infer<typeof TableCell>
export type TableRow = z.infer<typeof TableRow>
export type TableBlock = z.infer<typeof TableBlock>
export type EmbedBlock = z.infer<typeof EmbedBlock>
export type Block = z.infer<typeof Block>
export type Body = z.infer<typeof Body>
