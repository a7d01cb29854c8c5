import type { Database, Db } from '../db/database.ts'
import { digestOf } from '../headlines/edition.ts'
import { ARTICLES, RAILS, railTag, TAXONOMY } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'
import type { Links, LinksOf } from './links.ts'
import type { EditionRow, ListEditionRow } from './rows.ts'
import type { BodyForm, HeadlineLink } from './schema.ts'
import type { DeliveryStore } from './store.ts'

// Rails as readers get them: one, all of them, and one with the articles that it shows.

interface Moment {
  at?: string | undefined
}

interface Answer {
  json: string
  etag: string
  tags: string[]
}

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  /** What is found, and the links of its lists, at one instant. */
  withLinks: <Found>(
    find: (from: DeliveryStore, at: string) => Promise<Found>,
    groupsOf: (found: Found) => ListEditionRow[][],
    moment: Moment,
  ) => Promise<{ found: Found; linksOf: LinksOf }>
  resolveLinks: (from: DeliveryStore, groups: ListEditionRow[][], at: string) => Promise<LinksOf>
  railOf: (list: ListEditionRow, linksOf: LinksOf) => Links
  openJson: (row: EditionRow, forms: BodyForm[], moment: Moment) => string
  versionOf: (row: EditionRow, moment: Moment) => string
  form: string
}

const digest = (parts: string[]): string => digestOf(parts.join('\n'))

export function railAnswers(of: Dependencies) {
  const { snapshot, storeOn, clock, withLinks, resolveLinks, railOf, openJson, versionOf, form } = of
  return {
    async rail(key: string, moment: Moment = {}): Promise<Answer | undefined> {
      const { found, linksOf } = await withLinks(
        (from, at) => from.rail(key, at),
        (list) => (list ? [[list]] : []),
        moment,
      )
      if (!found) return undefined
      const { json, tag } = railOf(found, linksOf)
      return { json, etag: `"${tag}.${form}"`, tags: [railTag(key), ARTICLES, TAXONOMY] }
    },

    /** A rail and, at the same instant, the articles that it shows, each as JSON text. */
    railWithArticles: (key: string, forms: BodyForm[]) =>
      snapshot(async (still) => {
        const from = storeOn(still)
        const at = clock.now()
        const list = await from.rail(key, at)
        if (!list) return undefined
        const { json, tag } = railOf(list, await resolveLinks(from, [[list]], at))
        const { items } = JSON.parse(json) as { items: HeadlineLink[] }
        const ids = items.flatMap(({ target }) => (target?.kind === 'article' ? [target.id] : []))
        const question = { filters: { ids }, sort: '-publishedAt' as const, at, look: 'now' as const }
        const rows = ids.length === 0 ? [] : await from.list(question, { forms, limit: ids.length, place: undefined })
        return {
          json,
          articles: rows.map((row) => `${openJson(row, forms, {})}}`),
          etag: digest([tag, ...rows.map((row) => `${row.articleId} ${versionOf(row, {})}`), forms.join()]),
          tags: [railTag(key), ARTICLES, TAXONOMY],
        }
      }),

    /** The rows of a page of rails by key, one more than `limit` if there are more; `answer` as for articles. */
    async rails(limit: number, place: Place | undefined, moment: Moment = {}) {
      const { found: rows, linksOf } = await withLinks(
        (from, at) => from.rails(limit + 1, place, at),
        (lists) => lists.map((list) => [list]),
        moment,
      )
      const answer = (shown: ListEditionRow[], page: object): Answer => {
        const rails = shown.map((list) => railOf(list, linksOf))
        const pageJson = JSON.stringify(page)
        return {
          json: `{"data":[${rails.map(({ json }) => json).join(',')}],"page":${pageJson}}`,
          etag: `"${digest([...rails.map(({ tag }) => tag), pageJson])}.r.${form}"`,
          tags: [RAILS, ARTICLES, TAXONOMY],
        }
      }
      return { rows, answer }
    },
  }
}
