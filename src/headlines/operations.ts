import type * as z from 'zod'
import type { Ids } from '../shared/ids.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import { type FieldError, invalidField, Problem } from '../shared/problem.ts'
import { checked, invalidFields } from '../shared/validation.ts'
import {
  fitted,
  type ListOptions,
  linkOf,
  movedTwin,
  notePlace,
  type Places,
  type PointingField,
  placeKey,
  refuseTwin,
  replaceItems,
  twinAmong,
} from './items.ts'
import { HeadlineLinkCreate, type LinkFields, type RemovedLink, type StoredLink } from './link-schema.ts'
import type { Anchor, ItemInsert, ListOperation } from './operations-schema.ts'
import { mergeBase } from './rules.ts'
import type { ListContent } from './schema.ts'

// What operations make of a list, one after the other. An error points at the operation and the field that it is about.

type Operation<Op extends ListOperation['op']> = Extract<ListOperation, { op: Op }>
export interface Placing extends ListOptions {
  newId: Ids
  /** Gets where what the links point at was sent. */
  places: Places
  /** Gets the ids of what is inserted. */
  inserted?: Set<string>
  /** The links that can be put back. */
  removed: RemovedLink[]
}
/** With where the operation was sent. */
type Doing = Placing & { pointer: string }

/** What a write makes of what a list holds. Its row has what was taken out last. */
export type ListChange = (
  content: ListContent,
  list: { removed: RemovedLink[]; publishedVersion: number | null },
) => ListContent

/** The changes of a list that callers ask for. */
export function listChanges(newId: Ids) {
  /** A change of the items that knows where each that it has written was sent. */
  function placed(options: ListOptions, pointer: string, work: (items: StoredLink[], doing: Placing) => StoredLink[]) {
    let places: Places = new Map()
    const make: ListChange = (content, { removed }) => {
      places = new Map()
      const inserted = new Set<string>()
      const items = work(content.items, { newId, places, inserted, removed, ...options })
      return fitted({ ...content, items }, options, pointer, inserted)
    }
    const pointerOf = (id: string, _at: number, name: PointingField) => places.get(placeKey(id, name)) ?? pointer
    return { make, pointerOf }
  }

  return {
    /** The change that puts these items in the place of all that are there. */
    withItems: (sent: LinkFields[], options: ListOptions = {}) =>
      placed(options, '#/items', (items, doing) => replaceItems(items, sent, { ...doing, pointer: '#/items' })),

    /** The change that these operations make, and where the links that it writes were sent. */
    withOperations: (operations: ListOperation[], options: ListOptions) =>
      placed(options, '#/operations', (items, doing) => applyOperations(items, operations, doing)),

    /** The change that puts one more link into the list. */
    withInsert: (inserted: z.output<typeof ItemInsert>, options: ListOptions) =>
      placed(options, '#', (items, doing) => insert(items, inserted, { ...doing, pointer: '#' })),
  }
}

const applyOperations = (items: StoredLink[], operations: ListOperation[], options: Placing): StoredLink[] =>
  operations.reduce((list, each, n) => apply(list, each, { ...options, pointer: `#/operations/${n}` }), items)

function apply(list: StoredLink[], operation: ListOperation, doing: Doing): StoredLink[] {
  switch (operation.op) {
    case 'insert':
      return insert(list, operation, doing)
    case 'move':
      return move(list, operation, doing)
    case 'update':
      return update(list, operation, doing)
    case 'remove':
      return list.toSpliced(indexOf(list, operation.id, `${doing.pointer}/id`), 1)
    case 'pin':
      return pin(list, operation.id, doing, (at) => operation.at ?? at)
    case 'unpin':
      return pin(list, operation.id, doing, () => null)
    case 'putBack':
      return putBack(list, operation, doing)
    case 'replaceAll':
      return replaceAll(list, operation, doing)
  }
}

/** Puts one link into a list. `sentAt` is where its fields were sent. */
export function insert(
  before: StoredLink[],
  { item, ...anchor }: { item: LinkFields } & Anchor,
  { newId, onDuplicate, pointer, places, inserted }: Doing,
  sentAt = `${pointer}/item`,
): StoredLink[] {
  const errors: FieldError[] = []
  const twin = twinAmong(before, item)
  const fresh = linkOf(newId(), item, { newId, before: twin, pointer: sentAt, errors })
  if (errors.length > 0) throw invalidFields(errors)
  const link = twin ? movedTwin(fresh, item, twin, { before, items: before, onDuplicate, pointer: sentAt }) : fresh
  notePlace(places, link.id, item, sentAt)
  inserted?.add(link.id)
  const others = before.filter((each) => each !== twin)
  return put(link, others, anchor, before, pointer)
}

function move(before: StoredLink[], { id, ...anchor }: Operation<'move'>, { pointer }: Doing): StoredLink[] {
  const from = indexOf(before, id, `${pointer}/id`)
  const link = before[from]
  return link ? put(link, before.toSpliced(from, 1), anchor, before, pointer) : before
}

/** The list with a link at its place among the others. `before` is the list that the anchor was chosen in. */
function put(link: StoredLink, others: StoredLink[], anchor: Anchor, before: StoredLink[], pointer: string) {
  const { before: next, after: previous, place, position } = anchor
  const named = next ?? previous
  // Beside itself is where it stands.
  if (named === link.id) return before.map((each) => (each.id === link.id ? link : each))
  if (next !== undefined) return others.toSpliced(indexOf(others, next, `${pointer}/before`), 0, link)
  if (previous !== undefined) return others.toSpliced(indexOf(others, previous, `${pointer}/after`) + 1, 0, link)
  if (position !== undefined && position > others.length) {
    const detail = `There is no such place: the list has ${others.length} other links.`
    throw invalidField(`${pointer}/position`, 'out-of-range', detail)
  }
  return others.toSpliced(position ?? (place === 'first' ? 0 : others.length), 0, link)
}

/** Puts a link back that was taken out, as it was; where it stood then, if no place is said. */
function putBack(before: StoredLink[], { op: _op, id, ...anchor }: Operation<'putBack'>, doing: Doing): StoredLink[] {
  const { removed, pointer, places, inserted } = doing
  const found = removed.find(({ link }) => link.id === id)
  if (!found || before.some((each) => each.id === id)) {
    const detail = found
      ? 'This link is in the list.'
      : 'This is not one of the links that were taken out of the list last. `removed` has those.'
    throw invalidField(`${pointer}/id`, 'unknown-link', detail)
  }
  const { link, position } = found
  if (anchor.before === id) indexOf(before, id, `${pointer}/before`)
  if (anchor.after === id) indexOf(before, id, `${pointer}/after`)
  const isPlaced = Object.values(anchor).some((each) => each !== undefined)
  notePlace(places, id, link, `${pointer}/id`)
  inserted?.add(id)
  const items = put(link, before, isPlaced ? anchor : { position: Math.min(position, before.length) }, before, pointer)
  refuseTwin(link, before, items, `${pointer}/id`)
  return items
}

function update(
  before: StoredLink[],
  { id, changes }: Operation<'update'>,
  { newId, pointer, places }: Doing,
): StoredLink[] {
  const at = indexOf(before, id, `${pointer}/id`)
  const old = before[at]
  if (!old) return before
  const link = patchedLink(old, mergePatch(mergeBase(old, changes), changes), newId, `${pointer}/changes`)
  const items = before.with(at, link)
  refuseTwin(link, before, items, `${pointer}/changes/target`)
  notePlace(places, id, changes, `${pointer}/changes`)
  return items
}

/** A link with other fields, which are checked. `pointer` is where they were sent. */
export function patchedLink(old: StoredLink, fields: unknown, newId: Ids, pointer: string): StoredLink {
  const errors: FieldError[] = []
  const link = linkOf(old.id, checkedAt(pointer, fields), { newId, before: old, pointer, errors })
  if (errors.length > 0) throw invalidFields(errors)
  return link
}

function checkedAt(pointer: string, fields: unknown): LinkFields {
  try {
    return checked(HeadlineLinkCreate, fields)
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors) throw error
    throw invalidFields(error.errors.map((each) => ({ ...each, pointer: `${pointer}${each.pointer.slice(1)}` })))
  }
}

const pin = (before: StoredLink[], id: string, { pointer }: Doing, place: (at: number) => number | null) => {
  const at = indexOf(before, id, `${pointer}/id`)
  return before.map((each, n) => (n === at ? { ...each, pin: place(at) } : each))
}

const replaceAll = (before: StoredLink[], { items }: Operation<'replaceAll'>, doing: Doing): StoredLink[] =>
  replaceItems(before, items, { ...doing, pointer: `${doing.pointer}/items` })

function indexOf(items: StoredLink[], id: string, pointer: string): number {
  const at = items.findIndex((each) => each.id === id)
  if (at < 0) throw invalidField(pointer, 'unknown-link', 'The list has no link with this id here.')
  return at
}
