import type { BodyChange, VersionDiff } from '../../src/articles/history-schema.ts'
import type { ArticleContent } from '../../src/articles/schema.ts'
import type { Block } from '../../src/body/schema.ts'

/** What a difference makes of the content that it starts from, as its description in the document says. */
export function applyDiff({ fields, body }: VersionDiff, a: ArticleContent): ArticleContent {
  const after = Object.fromEntries(fields.map((change) => [change.field, change.after]))
  return { ...a, ...after, body: body.length === 0 ? a.body : applyChanges(body, a.body) }
}

function applyChanges(changes: BodyChange[], before: Block[]): Block[] {
  const after: Block[] = []
  let at = 0
  for (const change of changes) {
    if (change.kind === 'keep') {
      const kept = before.slice(at, at + change.count)
      after.push(...kept.map((block, i) => (change.keys ? withKey(block, change.keys[i]) : block)))
    }
    if (change.kind === 'add') after.push(...change.blocks)
    if (change.kind === 'change') after.push(...change.blocks.map((pair) => pair.after))
    if (change.kind !== 'add') at += change.kind === 'keep' ? change.count : change.blocks.length
  }
  return after
}

function withKey({ _key: _before, ...block }: Block, key: string | null | undefined): Block {
  return { ...block, ...(typeof key === 'string' && { _key: key }) }
}
