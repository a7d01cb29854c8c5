import { isDeepStrictEqual } from 'node:util'
import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import { invalidFields } from '../shared/validation.ts'
import { needsOf, newestOf, publishedLink, shownLinks, type Target } from './edition.ts'
import type { PointingField } from './items.ts'
import { isLatest, type LatestTarget, type StoredLink, type StoredSublink } from './link-schema.ts'
import { articleTargets, type KnownTargets } from './rules.ts'
import { headlineStore } from './store.ts'

// What the links of a list point at: whether it is there, and whether readers see it.

/** Where a field of a link of the new list was sent, by its id and place in it. */
export type PointerOf = (id: string, at: number, name: PointingField) => string

export function listTargets({ db, articles }: { db: Database; articles: ArticleService }) {
  /** What these links point at, as far as the caller may know it. */
  async function knownIn(on: Db, caller: Caller, items: StoredLink[], now: string): Promise<KnownTargets> {
    const store = headlineStore(on, db.tables)
    const needs = needsOf(items)
    const newest = await store.newest(needs?.latest ?? [], now)
    const rails = await store.keysThere(items.flatMap(({ target }) => (target?.kind === 'rail' ? [target.key] : [])))
    return {
      articles: await articles.statesIn(on, caller, needs?.articles ?? []),
      isEmpty: (target) =>
        target.kind === 'rail' ? !rails.has(target.key) : isLatest(target) && !newestOf(newest, target),
    }
  }

  return {
    knownIn,

    /** Whether readers can tell these links apart at `now`. */
    async isSeenIn(tx: Db, caller: Caller, before: StoredLink[], after: StoredLink[], now: string): Promise<boolean> {
      const known = await knownIn(tx, caller, [...before, ...after], now)
      // What a target adds is the same for both.
      const aTarget = (id: string): Target => ({ id, slug: '', url: '', publishedAt: '', card: { headline: '' } })
      const targets = {
        byId: (id: string) => (known.articles.get(id)?.startsWith('live') ? aTarget(id) : undefined),
        newest: (target: LatestTarget) =>
          known.isEmpty(target) ? undefined : aTarget(`${target.kind} ${target.slug}`),
      }
      const [old, next] = [before, after].map((items) => shownLinks(items.map(publishedLink), targets, now))
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
