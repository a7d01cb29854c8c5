import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { keyOf } from '../shared/filters.ts'
import { listEditionStore } from './edition-store.ts'
import { filtersOf, isInTime } from './group.ts'
import { isLatest } from './link-schema.ts'
import type { PublishedLink } from './shown-link.ts'
import { headlineStore } from './store.ts'

// What readers see of links in what they have of a list, as it is kept in its edition: what they do not see is not told.

type Targeted = Pick<PublishedLink, 'target'>

const storyOf = ({ target }: Targeted): string | undefined => (target?.kind === 'article' ? target.id : undefined)

/** Which of the newest articles of sections and tags that these links point at there are, by the keys of what they ask for. */
export async function latestFound(on: Db, tables: Tables, links: Targeted[], at: string): Promise<Set<string>> {
  const latest = links.flatMap(({ target }) => (isLatest(target) ? [filtersOf(target)] : []))
  const wanted = [...new Map(latest.map((filters) => [keyOf(filters), { filters, most: 1 }])).values()]
  const found = await headlineStore(on, tables).newest(wanted, at)
  return new Set(wanted.flatMap(({ filters }, n) => ((found[n]?.length ?? 0) > 0 ? [keyOf(filters)] : [])))
}

/** Which of these links lead to something that readers see at `at`. */
async function shownOf(tx: Db, tables: Tables, links: PublishedLink[], at: string): Promise<PublishedLink[]> {
  const store = headlineStore(tx, tables)
  const stories = new Set(
    await store.visibleOf(
      links.flatMap((link) => storyOf(link) ?? []),
      at,
    ),
  )
  const rails = await store.keysShown(
    links.flatMap(({ target }) => (target?.kind === 'rail' ? target.key : [])),
    at,
  )
  const latest = await latestFound(tx, tables, links, at)
  return links.filter(({ target }) => {
    if (isLatest(target)) return latest.has(keyOf(filtersOf(target)))
    if (target?.kind === 'article') return stories.has(target.id)
    return target?.kind !== 'rail' || rails.has(target.key)
  })
}

/** Those of these lists in which readers have a link to a story at `at`, or had one until it went away. */
export async function showingIn(tx: Db, tables: Tables, listIds: string[], articleId: string, at: string) {
  const isIt = (link: Targeted) => storyOf(link) === articleId
  const showing: string[] = []
  for (const { listId, items } of await listEditionStore(tx, tables).visible(listIds, at)) {
    if (!items.includes(articleId)) continue
    const links = (JSON.parse(items) as PublishedLink[]).filter(isInTime(at))
    const above = links.filter(({ sublinks = [] }) => sublinks.some(isIt))
    if (links.some(isIt) || (await shownOf(tx, tables, above, at)).length > 0) showing.push(listId)
  }
  return showing
}

/** Whether links of a list that readers see came or went at one of these instants. */
export async function windowsIn(tx: Db, tables: Tables, items: string, instants: string[], at: string) {
  if (!instants.some((instant) => items.includes(`"${instant}"`))) return false
  const isOf = (instant: string | undefined) => instant !== undefined && instants.includes(instant)
  const links = (JSON.parse(items) as PublishedLink[]).filter(({ startsAt, endsAt }) => isOf(startsAt) || isOf(endsAt))
  return (await shownOf(tx, tables, links, at)).length > 0
}
