import type { FootnoteDefinition, Nodes, Root } from 'mdast'
import type { State } from 'mdast-util-to-hast'

/**
 * How the notes of `tree` become HTML: those that a number leads to stand at the end. The others (without a reference,
 * or a second one of the same name) would be left out, so their words stay where they were written.
 */
export function footnoteHandlers(tree: Root) {
  const loose = looseNotes(tree)
  return {
    footnoteDefinition: (state: State, note: FootnoteDefinition) => {
      if (!loose.has(note)) return undefined
      // Or a note that leads to itself would stand at the end as well.
      const id = note.identifier.toUpperCase()
      if (state.footnoteById.get(id) === note) state.footnoteById.delete(id)
      return state.all(note)
    },
  }
}

function looseNotes(tree: Root): Set<FootnoteDefinition> {
  const notes: FootnoteDefinition[] = []
  const referencesIn = new Map<Nodes, string[]>([[tree, []]])
  const open: { node: Nodes; inside: Nodes }[] = [{ node: tree, inside: tree }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next
    const inside = node.type === 'footnoteDefinition' ? node : next.inside
    if (node.type === 'footnoteDefinition') {
      notes.push(node)
      referencesIn.set(node, [])
    }
    if (node.type === 'footnoteReference') referencesIn.get(inside)?.push(node.identifier)
    if ('children' in node) for (const child of node.children.toReversed()) open.push({ node: child, inside })
  }
  const named = new Map(notes.toReversed().map((note) => [note.identifier, note]))
  const kept = new Set<Nodes>()
  const keepWhatIsNamedIn = (from: Nodes) => {
    const toRead = [from]
    for (let each = toRead.pop(); each; each = toRead.pop()) {
      for (const name of referencesIn.get(each) ?? []) {
        const note = named.get(name)
        if (!note || kept.has(note)) continue
        kept.add(note)
        toRead.push(note)
      }
    }
  }
  keepWhatIsNamedIn(tree)
  const loose = new Set<FootnoteDefinition>()
  for (const note of notes) {
    if (kept.has(note)) continue
    loose.add(note)
    kept.add(note)
    keepWhatIsNamedIn(note)
  }
  return loose
}
