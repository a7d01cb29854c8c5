import { fieldChanges } from '../articles/diff.ts'
import { longestCommon } from '../shared/longest-common.ts'
import type { ItemChange, ListDiff } from './history-schema.ts'
import { type StoredLink, storedLink } from './link-schema.ts'
import { type ListContent, RailFields } from './schema.ts'

const listFields = Object.keys(RailFields.shape) as (keyof RailFields)[]
const linkFields = (Object.keys(storedLink) as (keyof typeof storedLink)[]).filter(
  (name) => name !== 'id' && name !== 'position',
)

/** What leads from `a` to `b`. */
export const diffLists = (a: ListContent, b: ListContent): ListDiff => ({
  fields: fieldChanges(listFields, a, b),
  items: diffItems(a.items, b.items),
})

function diffItems(a: StoredLink[], b: StoredLink[]): ItemChange[] {
  const idsA = a.map(({ id }) => id)
  const idsB = b.map(({ id }) => id)
  const placesA = new Map(idsA.map((id, place) => [id, place]))
  const inB = new Set(idsB)
  // The others slide along with what comes, goes and moves around them.
  const stays = new Set(longestCommon(idsA, idsB).map((pair) => pair.inB))
  const removed = a.flatMap((link, position): ItemChange[] =>
    inB.has(link.id) ? [] : [{ kind: 'remove', id: link.id, item: { ...link, position } }],
  )
  const others = b.flatMap((link, to): ItemChange[] => {
    const { id } = link
    const from = placesA.get(id)
    const before = from === undefined ? undefined : a[from]
    if (from === undefined || !before) return [{ kind: 'add', id, item: { ...link, position: to } }]
    const fields = fieldChanges(linkFields, before, link)
    return [
      ...(stays.has(to) ? [] : [{ kind: 'move' as const, id, from, to }]),
      ...(fields.length > 0 ? [{ kind: 'change' as const, id, fields }] : []),
    ]
  })
  return [...removed, ...others]
}
