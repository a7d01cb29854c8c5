import type { Database, Db } from '../db/database.ts'
import { byPriority, railsOf } from '../fronts/edition.ts'
import { digestOf } from '../headlines/edition.ts'
import { ARTICLES, FRONTS, frontTag, RAILS, railTag, TAXONOMY } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'
import type { Links, LinksOf } from './links.ts'
import type { ListEditionRow } from './rows.ts'
import type { DeliveryStore } from './store.ts'

// Fronts as readers get them: a page and all its rails, in one answer that is of one instant.

interface Moment {
  at?: string | undefined
}

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  /** The links of lists, each group of which is resolved as one. */
  resolveLinks: (from: DeliveryStore, groups: ListEditionRow[][], at: string) => Promise<LinksOf>
  /** A rail as it is sent, and its part of the ETag. */
  railOf: (rail: ListEditionRow, linksOf: LinksOf) => Links
  /** The part of every ETag that changes with the form of answers. */
  form: string
}

type FrontRow = Awaited<ReturnType<DeliveryStore['fronts']>>[number]

export function frontAnswers({ snapshot, storeOn, clock, resolveLinks, railOf, form }: Dependencies) {
  /** Reads at one instant: a front and its rails are several statements always. */
  const atOneInstant = <T>({ at }: Moment, work: (from: DeliveryStore, at: string) => Promise<T>): Promise<T> =>
    snapshot((still) => work(storeOn(still), at ?? clock.now()))

  return {
    front: (key: string, moment: Moment = {}) =>
      atOneInstant(moment, async (from, at) => {
        const front = await from.front(key, at)
        if (!front) return undefined
        const placed = railsOf(front.rails)
        const found = await from.railsByKeys(keysOf(placed), at)
        const byKey = new Map(found.map((rail) => [rail.key ?? '', rail]))
        // In the order in which they keep a story that several have; they are shown in the order of the page.
        const rails = byPriority(placed).flatMap((each) => byKey.get(each.key) ?? [])
        const linksOf = await resolveLinks(from, [rails], at)
        const inOrder = placed.flatMap((each) => byKey.get(each.key) ?? []).map((rail) => railOf(rail, linksOf))
        const json = frontJson(
          front,
          inOrder.map((rail) => rail.json),
        )
        const tag = digestOf([frontJson(front, []), ...inOrder.map((rail) => rail.tag)].join('\n'))
        const tags = [frontTag(key), ARTICLES, RAILS, TAXONOMY, ...rails.map((rail) => railTag(rail.key ?? ''))]
        return { json, etag: `"${tag}.f.${form}"`, tags }
      }),

    /** The rows of a page of fronts by key, one more than `limit` if there are more; `answer` as for articles. */
    fronts: (limit: number, place: Place | undefined, moment: Moment = {}) =>
      atOneInstant(moment, async (from, at) => {
        const rows = await from.fronts(limit + 1, place, at)
        const keys = new Map(rows.map((row) => [row, keysOf(railsOf(row.rails))]))
        const there = await from.railKeys([...keys.values()].flat(), at)
        const answer = (shown: FrontRow[], page: object) => {
          const entries = shown.map((row) => {
            const rails = (keys.get(row) ?? []).filter((key) => there.has(key))
            return frontJson(
              row,
              rails.map((key) => JSON.stringify(key)),
            )
          })
          const json = `{"data":[${entries.join(',')}],"page":${JSON.stringify(page)}}`
          return { json, etag: `"${digestOf(json)}.f.${form}"`, tags: [FRONTS, RAILS] }
        }
        return { rows, answer }
      }),
  }
}

const keysOf = (placed: { key: string }[]): string[] => placed.map(({ key }) => key)

/** A front with these rails, each as JSON text. */
const frontJson = ({ key, card, updatedAt }: FrontRow, rails: string[]): string =>
  `{"key":${JSON.stringify(key)},${card.slice(1, -1)},"updatedAt":"${updatedAt}","rails":[${rails.join(',')}]}`
