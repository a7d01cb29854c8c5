import { createHash } from 'node:crypto'
import { articleTargets } from './rules.ts'
import type { ListContent, StoredLink } from './schema.ts'

/** One headline link as it is stored in an edition: what a reader gets, but for what an article target adds. */
export interface PublishedLink
  extends Omit<StoredLink, 'note' | 'followsStory' | 'kicker' | 'summary' | 'image' | 'label'> {
  position: number
  url: string | null
  kicker?: string
  summary?: string
  image?: NonNullable<StoredLink['image']>
  label?: string
}

/** Renders what readers get of a list. Named fields only, so that a note can never come along. */
export function renderList({ title, description, language, items }: ListContent) {
  const card = JSON.stringify({
    title,
    ...(description !== null && { description }),
    ...(language !== null && { language }),
  })
  const published = JSON.stringify(items.map(publishedLink))
  return {
    card,
    items: published,
    targets: JSON.stringify(articleTargets(items)),
    digest: createHash('sha256').update(published).digest('base64url').slice(0, 12),
  }
}

const publishedLink = (link: StoredLink, position: number): PublishedLink => ({
  id: link.id,
  position,
  headline: link.headline,
  ...(link.kicker !== null && { kicker: link.kicker }),
  ...(link.summary !== null && { summary: link.summary }),
  ...(link.image !== null && { image: link.image }),
  url: link.target?.kind === 'url' ? link.target.url : null,
  ...(link.label !== null && { label: link.label }),
  prominence: link.prominence,
  target: link.target,
})
