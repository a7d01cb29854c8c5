import { createHash } from 'node:crypto'
import type { PublishedLink } from '../headlines/edition.ts'
import type { HeadlineLink } from './schema.ts'
import type { EditionRow, ListEditionRow } from './store.ts'

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

export const pointsAtArticles = (list: ListEditionRow | null): list is ListEditionRow =>
  list !== null && list.targets !== '[]'

/**
 * The links of a list as JSON text, and the part of the ETag that speaks for them: a digest of that text however it
 * came about, so that a link that is left out does not show in it.
 */
export function linksOf(list: ListEditionRow | null, targets: Map<string, Target>): { json: string; tag: string } {
  if (list === null) return { json: '[]', tag: digest(['[]']) }
  if (list.targets === '[]') return { json: list.items, tag: list.digest }
  const json = JSON.stringify(resolveLinks(JSON.parse(list.items) as PublishedLink[], targets))
  return { json, tag: digest([json]) }
}

/** What a tag says of what it speaks for. */
export const digest = (parts: string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 12)
