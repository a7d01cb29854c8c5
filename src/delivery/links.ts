import type { PublishedLink } from '../headlines/edition.ts'
import type { HeadlineLink } from './schema.ts'
import type { EditionRow } from './store.ts'

/** What a link takes from the visible edition of its target, where it does not say it itself. */
export interface Target {
  edition: EditionRow
  url: string
}

/**
 * A list as a reader gets it: links to articles that are not public now are left out, the others get the headline,
 * address and picture of their target's visible edition, and positions close up. Fields are in the order in which the
 * list was rendered, so that not even the bytes tell that there is a link that is left out.
 */
export function resolveLinks(items: PublishedLink[], targets: Map<string, Target>): HeadlineLink[] {
  return items
    .flatMap((item): HeadlineLink[] => {
      const { id, position, target, headline, label, prominence } = item
      if (target?.kind !== 'article') return headline === null ? [] : [{ ...item, headline, target }]
      const found = targets.get(target.id)
      if (found === undefined) return []
      const { edition, url } = found
      const card = JSON.parse(`{${edition.card}}`) as Card
      return [
        {
          id,
          position,
          headline: headline ?? card.headline,
          ...taken('kicker', item.kicker ?? card.kicker),
          ...taken('summary', item.summary ?? card.standfirst),
          ...taken('image', item.image ?? card.image ?? undefined),
          url,
          ...taken('label', label),
          prominence,
          target: { kind: 'article', id: target.id, slug: edition.slug },
          publishedAt: edition.publishedAt,
        },
      ]
    })
    .map((link, position) => ({ ...link, position }))
}

interface Card {
  headline: string
  kicker?: string
  standfirst?: string
  image?: HeadlineLink['image'] | null
}

const taken = <Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
