import type { StoredLink, StoredSublink } from './link-schema.ts'

// How headline links show themselves to readers, once it is known which story each leads to.

type Overrides = 'kicker' | 'summary' | 'byline' | 'image' | 'label' | 'pin' | 'startsAt' | 'endsAt'

/** A headline link as it is stored in an edition: what readers may get of it, and what decides whether they do. */
export type PublishedLink = Pick<StoredLink, 'id' | 'headline' | 'prominence' | 'target'> & {
  [Name in Overrides]?: NonNullable<StoredLink[Name]>
} & { hideImage?: true; sublinks?: StoredSublink[] }

/** A link with the id of the story that it leads to, null where it is none. */
export interface Led<Link> {
  link: Link
  story: string | null
}

/** An item of a list as it is to be shown. One without a link is a story that the list filled up with. */
export interface ShownItem extends Led<PublishedLink | null> {
  pin: number | null
  below: Led<StoredSublink>[]
}

/** What a link takes from the visible edition of an article that it points at, where it does not say it itself. */
export interface Target {
  id: string
  slug: string
  url: string
  publishedAt: string
  card: Card
}
export interface Card {
  headline: string
  kicker?: string | undefined
  standfirst?: string | undefined
  byline?: string | null | undefined
  image?: StoredLink['image'] | undefined
}
type TargetOf = (story: string) => Target | undefined

/** Items in their order, as readers get them. */
export const shownItems = (items: ShownItem[], targetOf: TargetOf): object[] =>
  items.map(({ link, story, below }, position) => {
    const target = story === null ? undefined : targetOf(story)
    if (link !== null) return shownLink(link, target, below, targetOf, position)
    const filled: PublishedLink = { id: story ?? '', headline: null, prominence: 'normal', target: null }
    return { ...shownLink(filled, target, below, targetOf, position), backfilled: true }
  })

function shownLink(
  link: PublishedLink,
  story: Target | undefined,
  below: Led<StoredSublink>[],
  targetOf: TargetOf,
  position: number,
): object {
  const card: Partial<Card> = story?.card ?? {}
  return {
    id: link.id,
    position,
    headline: link.headline ?? card.headline,
    ...given('kicker', link.kicker ?? card.kicker),
    ...given('summary', link.summary ?? card.standfirst),
    ...given('byline', link.byline ?? card.byline),
    ...given('image', link.hideImage ? undefined : (link.image ?? card.image)),
    ...addressOf(link.target, story),
    ...given('label', link.label),
    prominence: link.prominence,
    pinned: link.pin !== undefined,
    target: shownTarget(link.target, story),
    ...given('publishedAt', story?.publishedAt),
    ...(below.length > 0 && { sublinks: below.map((each) => shownSublink(each, targetOf)) }),
  }
}

function shownSublink({ link: { id, headline, kicker, target }, story: of }: Led<StoredSublink>, targetOf: TargetOf) {
  const story = of === null ? undefined : targetOf(of)
  return {
    id,
    headline: headline ?? story?.card.headline,
    ...given('kicker', kicker ?? story?.card.kicker),
    ...addressOf(target, story),
    target: shownTarget(target, story),
  }
}

const addressOf = (target: StoredLink['target'], story: Target | undefined) => ({
  url: story?.url ?? (target?.kind === 'url' ? target.url : null),
})

/** What is said of a target: of a section or tag only which one, of the newest article in it that article. */
function shownTarget(target: StoredLink['target'], story: Target | undefined): object | null {
  if (story) return { kind: 'article', id: story.id, slug: story.slug }
  return target?.kind === 'section' || target?.kind === 'tag' ? { kind: target.kind, slug: target.slug } : target
}

export const given = <Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
