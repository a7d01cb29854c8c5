import type { Database, Db } from '../db/database.ts'
import { byPriority, railsOf } from '../fronts/edition.ts'
import { digestOf, type Targets } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'
import type { DeliveryStore, ListEditionRow } from './store.ts'

// Fronts as readers get them: a page and all its rails, in one answer that is of one instant.

interface Moment {
  at?: string | undefined
}

/** A rail as it is sent, and its part of the ETag. */
interface ShownRail {
  json: string
  tag: string
}

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  /** What the links of these lists point at, in one statement. */
  targetsOf: (from: DeliveryStore, lists: ListEditionRow[], at: string, moment: Moment) => Promise<Targets>
  railOf: (rail: ListEditionRow, targets: Targets, at: string) => ShownRail
  /** The part of every ETag that changes with the form of answers. */
  form: string
}

type FrontRow = Awaited<ReturnType<DeliveryStore['fronts']>>[number]

export function frontAnswers({ snapshot, storeOn, clock, targetsOf, railOf, form }: Dependencies) {
  /** Reads at one instant: a front and its rails are several statements always. */
  const atOneInstant = <T>({ at }: Moment, work: (from: DeliveryStore, at: string) => Promise<T>): Promise<T> =>
    snapshot((still) => work(storeOn(still), at ?? clock.now()))

  /** What each of these rails is as it is sent. They come in the order in which they may keep a story that several have. */
  const shownRails = (rails: ListEditionRow[], targets: Targets, at: string): ShownRail[] =>
    rails.map((rail) => railOf(rail, targets, at))

  return {
    front: (key: string, moment: Moment = {}) =>
      atOneInstant(moment, async (from, at) => {
        const front = await from.front(key, at)
        if (!front) return undefined
        const placed = railsOf(front.rails)
        const found = await from.railsByKeys(keysOf(placed), at)
        const byKey = new Map(found.map((rail) => [rail.key ?? '', rail]))
        const rails = byPriority(placed).flatMap((each) => byKey.get(each.key) ?? [])
        const shown = shownRails(rails, await targetsOf(from, rails, at, moment), at)
        const shownByKey = new Map(rails.map(({ key }, n) => [key ?? '', shown[n]]))
        const inOrder = placed.flatMap((each) => shownByKey.get(each.key) ?? [])
        const json = frontJson(
          front,
          inOrder.map((rail) => rail.json),
        )
        const tag = digestOf([frontJson(front, []), ...inOrder.map((rail) => rail.tag)].join('\n'))
        return { json, etag: `"${tag}.f.${form}"` }
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
          return { json, etag: `"${digestOf(json)}.f.${form}"` }
        }
        return { rows, answer }
      }),
  }
}

const keysOf = (placed: { key: string }[]): string[] => placed.map(({ key }) => key)

/** A front with these rails, each as JSON text. */
const frontJson = ({ key, card, updatedAt }: FrontRow, rails: string[]): string =>
  `{"key":${JSON.stringify(key)},${card.slice(1, -1)},"updatedAt":"${updatedAt}","rails":[${rails.join(',')}]}`
