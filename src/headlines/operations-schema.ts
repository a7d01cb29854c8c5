import * as z from 'zod'
import { uuid } from '../shared/fields.ts'
import { HeadlineLinkCreate, HeadlineLinkWrite, LINKS_MAX } from './link-schema.ts'

// Changes of a list that say what is to happen to which link, instead of sending the whole list anew.

const linkId = uuid.meta({ description: 'The id of a link of the list' })
const pin = z
  .int()
  .min(0)
  .max(LINKS_MAX - 1)
  .optional()
  .meta({ description: "The place among what readers get, from 0; its present place in the desk's order, if left out" })

const anchor = {
  before: linkId.optional().meta({ description: 'The link that it is to stand before' }),
  after: linkId.optional().meta({ description: 'The link that it is to stand after' }),
  place: z.enum(['first', 'last']).optional(),
  position: z
    .int()
    .min(0)
    .max(LINKS_MAX)
    .optional()
    .meta({ description: "Its place in the desk's order, from 0, as it is then" }),
}
const anchorNames = ['before', 'after', 'place', 'position'] as const
export type Anchor = Partial<Pick<z.output<typeof AnchorFields>, (typeof anchorNames)[number]>>
const AnchorFields = z.strictObject(anchor)

const anchorsOf = (operation: Anchor): number => anchorNames.filter((name) => operation[name] !== undefined).length
const one = 'Say the place once: one of before, after, place and position'
const atMostOne = { check: (operation: Anchor) => anchorsOf(operation) <= 1, error: one }
const exactlyOne = { check: (operation: Anchor) => anchorsOf(operation) === 1, error: one }

export const ItemInsert = z
  .strictObject({ item: HeadlineLinkCreate, ...anchor })
  .refine(atMostOne.check, { error: atMostOne.error })
  .meta({ id: 'HeadlineLinkInsert', description: 'A new link and its place; at the end if that is left out' })

const Operation = z
  .discriminatedUnion('op', [
    z
      .strictObject({ op: z.literal('insert'), item: HeadlineLinkCreate, ...anchor })
      .refine(atMostOne.check, { error: atMostOne.error })
      .meta({ id: 'InsertOperation', description: 'A new link; at the end if its place is left out' }),
    z
      .strictObject({ op: z.literal('move'), id: linkId, ...anchor })
      .refine(exactlyOne.check, { error: exactlyOne.error })
      .meta({ id: 'MoveOperation', description: 'Another place for a link' }),
    z
      .strictObject({
        op: z.literal('update'),
        id: linkId,
        changes: z
          .record(z.string(), z.unknown())
          .meta({ description: 'A JSON Merge Patch (RFC 7396) of the link. What it makes is checked' }),
      })
      .meta({ id: 'UpdateOperation', description: 'Other fields for a link' }),
    z
      .strictObject({ op: z.literal('remove'), id: linkId })
      .meta({ id: 'RemoveOperation', description: 'Takes a link out; the others close up' }),
    z
      .strictObject({ op: z.literal('pin'), id: linkId, at: pin })
      .meta({ id: 'PinOperation', description: 'Keeps a link at a place among what readers get' }),
    z
      .strictObject({ op: z.literal('unpin'), id: linkId })
      .meta({ id: 'UnpinOperation', description: "Lets a link stand in the desk's order again" }),
    z
      .strictObject({ op: z.literal('putBack'), id: uuid.meta({ description: 'The id of a removed link' }), ...anchor })
      .refine(atMostOne.check, { error: atMostOne.error })
      .meta({
        id: 'PutBackOperation',
        description: 'Puts one of the last 20 links that were taken out back; where it stood, if its place is left out',
      }),
    z
      .strictObject({ op: z.literal('replaceAll'), items: z.array(HeadlineLinkWrite).max(LINKS_MAX) })
      .meta({ id: 'ReplaceAllOperation', description: 'The whole list in its new order' }),
  ])
  .meta({ id: 'ListOperation', description: 'One change of a list' })
export type ListOperation = z.output<typeof Operation>

export const ListOperations = z
  .strictObject({ operations: z.array(Operation).min(1).max(100) })
  .meta({ id: 'ListOperations', description: 'Changes that are made all or not at all, in this order, as one version' })

const onDuplicate = z.enum(['refuse', 'move']).default('refuse').meta({
  description:
    'What to do with a link to something that the list has already: `refuse` (409), or `move` the one that is there, which keeps its id and takes over the fields that were sent',
})
const overflow = z.enum(['refuse', 'trim']).default('refuse').meta({
  description:
    'What to do with more items than the rail may hold: `refuse` (409), or `trim` the last that are neither pinned nor inserted by this request',
})
export const DuplicateQuery = z.strictObject({ onDuplicate })
export const OverflowQuery = z.strictObject({ overflow })
export const ListQuery = z.strictObject({ onDuplicate, overflow })
