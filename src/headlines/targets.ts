import { isDeepStrictEqual } from 'node:util'
import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type ArticleFilters, keyOf } from '../shared/filters.ts'
import { invalidFields } from '../shared/validation.ts'
import { fillOf, publishedLink } from './edition.ts'
import { filtersOf, railTargets, resolveGroup, withRails } from './group.ts'
import type { PointingField } from './items.ts'
import { isLatest, type StoredLink, type StoredSublink } from './link-schema.ts'
import { articleTargets, type KnownTargets } from './rules.ts'
import type { ListContent } from './schema.ts'
import { latestFound } from './showing.ts'
import { shownItems, type Target } from './shown-link.ts'
import { headlineStore } from './store.ts'

// What the links of a list point at: whether it is there, and whether readers see it.

/** Where a field of a link of the new list was sent, by its id and place in it. */
export type PointerOf = (id: string, at: number, name: PointingField) => string

export function listTargets({ db, articles }: { db: Database; articles: ArticleService }) {
  /** What these links point at, as far as the caller may know it. */
  async function knownIn(on: Db, caller: Caller, items: StoredLink[], now: string): Promise<KnownTargets> {
    const found = await latestFound(on, db.tables, items, now)
    const store = headlineStore(on, db.tables)
    const rails = await store.keysThere(railTargets(items))
    const shown = await store.keysShown(railTargets(items), now)
    return {
      articles: await articles.statesIn(on, caller, articleTargets(items)),
      isShown: (key) => shown.has(key),
      isEmpty: (target) =>
        target.kind === 'rail' ? !rails.has(target.key) : isLatest(target) && !found.has(keyOf(filtersOf(target))),
    }
  }

  return {
    knownIn,

    /** Whether readers can tell these lists apart at `now`. What each fills up with is not looked for. */
    async isSeenIn(tx: Db, caller: Caller, before: ListContent, after: ListContent, now: string): Promise<boolean> {
      if (!isDeepStrictEqual(fillOf(before), fillOf(after))) return true
      const all = [...before.items, ...after.items]
      const found = await latestFound(tx, db.tables, all, now)
      const states = await articles.statesIn(tx, caller, articleTargets(all))
      const rails = await headlineStore(tx, db.tables).keysShown(railTargets(all), now)
      const stories = {
        isPublic: (id: string) => states.get(id)?.startsWith('live') ?? false,
        newest: (filters: ArticleFilters) => (found.has(keyOf(filters)) ? [keyOf(filters)] : []),
      }
      // What a target adds is the same for both.
      const aTarget = (id: string): Target => ({ id, slug: '', url: '', publishedAt: '', card: { headline: '' } })
      const [old, next] = [before, after].map(({ items }) => {
        const seen = withRails(items, (key) => rails.has(key)).map(publishedLink)
        const list = { items: seen, articles: [], fill: null }
        return resolveGroup([list], stories, now).map((shown) => shownItems(shown, aTarget))
      })
      return !isDeepStrictEqual(old, next)
    },

    /** 422 for unknown articles. New ones only: what somebody else has put there is not the caller's to answer for. */
    async refuseUnknownIn(
      tx: Db,
      caller: Caller,
      before: StoredLink[],
      after: StoredLink[],
      pointerOf: PointerOf = (_id, at) => `#/items/${at}`,
    ): Promise<void> {
      const had = new Set(articleTargets(before))
      const come = new Set(articleTargets(after).filter((id) => !had.has(id)))
      const known = await articles.knownIn(tx, caller, [...come])
      const fault = ({ target }: StoredLink | StoredSublink, pointer: string) =>
        target?.kind === 'article' && come.has(target.id) && !known.has(target.id)
          ? [{ pointer: `${pointer}/target/id`, code: 'unknown-article', detail: 'There is no article with this id.' }]
          : []
      const errors = after.flatMap((link, at) => {
        const below = `${pointerOf(link.id, at, 'sublinks')}/sublinks`
        return [
          ...fault(link, pointerOf(link.id, at, 'target')),
          ...link.sublinks.flatMap((each, n) => fault(each, `${below}/${n}`)),
        ]
      })
      if (errors.length > 0) throw invalidFields(errors)
    },
  }
}
