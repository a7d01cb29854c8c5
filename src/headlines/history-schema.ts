import * as z from 'zod'
import { FieldChange } from '../articles/history-schema.ts'
import { uuid } from '../shared/fields.ts'
import { VersionedLink } from './schema.ts'

// How two versions of a list differ. schema.ts has the versions.

const fields = z.array(FieldChange)
const place = z.int().min(0)

const AddedItem = z
  .strictObject({
    kind: z.literal('add'),
    id: uuid,
    item: VersionedLink.meta({ description: 'With its position in the second version' }),
  })
  .meta({ id: 'AddedItem', description: 'A link that only the second version has' })

const RemovedItem = z
  .strictObject({
    kind: z.literal('remove'),
    id: uuid,
    item: VersionedLink.meta({ description: 'With its position in the first version' }),
  })
  .meta({ id: 'RemovedItem', description: 'A link that only the first version has' })

const MovedItem = z
  .strictObject({
    kind: z.literal('move'),
    id: uuid,
    from: place.meta({ description: 'Its position in the first version' }),
    to: place.meta({ description: 'Its position in the second version' }),
  })
  .meta({ id: 'MovedItem', description: 'A link that stands elsewhere among the others' })

const ChangedItem = z
  .strictObject({
    kind: z.literal('change'),
    id: uuid,
    fields: fields.meta({ description: 'Every field that differs' }),
  })
  .meta({ id: 'ChangedItem', description: 'A link with other fields. It may have moved too, then it is named twice' })

const ItemChange = z
  .discriminatedUnion('kind', [AddedItem, RemovedItem, MovedItem, ChangedItem])
  .meta({ id: 'ItemChange', description: 'What becomes of one link, told apart by `kind`' })

export const ListDiff = z
  .strictObject({
    fields: fields.meta({ description: "Every field of a rail that differs; empty for an article's links" }),
    items: z.array(ItemChange).meta({
      description: 'First what goes, then what comes, moves and changes in the order of the second version',
    }),
  })
  .meta({ id: 'ListDiff', description: 'What leads from one version of a list of headlines to another' })

export type ItemChange = z.output<typeof ItemChange>
export type ListDiff = z.output<typeof ListDiff>
