import type { ListDiff } from '../../src/headlines/history-schema.ts'
import type { StoredLink } from '../../src/headlines/link-schema.ts'
import type { ListContent } from '../../src/headlines/schema.ts'

/** What a difference makes of the list that it starts from, as its description in the document says. */
export function applyListDiff({ fields, items: changes }: ListDiff, a: ListContent): ListContent {
  const leaves = new Set(changes.filter(({ kind }) => kind === 'remove' || kind === 'move').map(({ id }) => id))
  const items = a.items.filter(({ id }) => !leaves.has(id))
  for (const change of changes) {
    if (change.kind === 'add') {
      const { position, ...link } = change.item
      items.splice(position, 0, link)
    }
    if (change.kind === 'move') items.splice(change.to, 0, ...a.items.filter(({ id }) => id === change.id))
    if (change.kind === 'change') {
      const at = items.findIndex(({ id }) => id === change.id)
      items[at] = { ...items[at], ...after(change.fields) } as StoredLink
    }
  }
  return { ...a, ...after(fields), items }
}

const after = (fields: ListDiff['fields']) => Object.fromEntries(fields.map((each) => [each.field, each.after]))
