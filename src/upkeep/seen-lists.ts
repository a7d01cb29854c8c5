import { and, eq, inArray, lt, or } from 'drizzle-orm'
import type { Tables } from '../db/tables.ts'
import type { ListContent } from '../headlines/schema.ts'
import { FOREVER } from '../shared/clock.ts'
import { type Look, pagesOf, parsed, raw } from './look.ts'

type ListRow = Omit<Tables['headlineLists']['$inferSelect'], 'removed'>

/** A list with all that is stored beside it, apart from its history. */
export interface SeenList {
  list: ListRow
  /** What it holds at a version; undefined where that is not there or cannot be read. */
  contentAt: (version: number) => ListContent | undefined
  links: Tables['headlineLinks']['$inferSelect'][]
  /** What readers have of it without an end, or until what is planned. */
  editions: Omit<Tables['listEditions']['$inferSelect'], 'updatedAt'>[]
  /** When links come and go, as far as nobody has told it. */
  windows: Set<string>
}

/** Each may have 500 links, at three versions. */
const MANY = 30

/** All lists, one after another. */
export async function* seenLists(look: Look): AsyncGenerator<SeenList> {
  const { headlineLists, headlineListVersions, headlineLinks, listEditions, listWindows } = look.tables
  const { listId, version, key, liveFrom, liveUntil, card, items, needs, digest } = listEditions
  const shown = { listId, version, key, liveFrom, liveUntil, card, items, needs, digest }
  const { contentVersion, scheduledVersion, scheduledFrom, publishedVersion } = headlineLists
  for await (const page of pagesOf(look, 'headlineLists', { key: ['id'], many: MANY })) {
    if (page.length === 0) continue
    const lists = page as unknown as ListRow[]
    const ids = lists.map(({ id }) => id)
    const isIts = eq(headlineLists.id, headlineListVersions.listId)
    const of = headlineListVersions.version
    const isWanted = or(eq(of, contentVersion), eq(of, scheduledVersion), eq(of, publishedVersion))
    const contents = await look.read
      .select({ listId: headlineListVersions.listId, version: of, content: raw(headlineListVersions.content) })
      .from(headlineListVersions)
      .innerJoin(headlineLists, and(isIts, isWanted))
      .where(inArray(headlineListVersions.listId, ids))
    const known = new Map(contents.map((each) => [`${each.listId} ${each.version}`, parsed(each.content)]))
    const links = await look.read.select().from(headlineLinks).where(inArray(headlineLinks.listId, ids))
    const goesOn = or(eq(liveUntil, FOREVER), eq(liveUntil, scheduledFrom))
    const editions = await look.read
      .select(shown)
      .from(listEditions)
      .innerJoin(headlineLists, eq(headlineLists.id, listId))
      .where(and(inArray(listId, ids), lt(liveFrom, liveUntil), goesOn))
    const windows = await look.read.select().from(listWindows).where(inArray(listWindows.listId, ids))
    const grouped = {
      links: Map.groupBy(links, (each) => each.listId),
      editions: Map.groupBy(editions, (each) => each.listId),
      windows: Map.groupBy(windows, (each) => each.listId),
    }
    for (const list of lists) {
      yield {
        list,
        contentAt: (at) => known.get(`${list.id} ${at}`) as ListContent | undefined,
        links: grouped.links.get(list.id) ?? [],
        editions: grouped.editions.get(list.id) ?? [],
        windows: new Set((grouped.windows.get(list.id) ?? []).map(({ at }) => at)),
      }
    }
  }
}
