import type { Database, Db } from '../db/database.ts'
import { allOf, tiersOf } from '../db/words.ts'
import { digestOf } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import type { ListFilters, Sort } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'
import type { Question } from '../shared/question.ts'
import { picked } from './fields.ts'
import type { LinksOf } from './links.ts'
import type { ListQuestion } from './list-store.ts'
import type { EditionRow, ListEditionRow } from './rows.ts'
import type { BodyForm } from './schema.ts'
import type { HitQuestion, HitRow } from './search-store.ts'
import type { DeliveryStore } from './store.ts'

// Lists of articles: which of them, in which order, and what is said of each.

interface Moment {
  at?: string | undefined
  embargoed?: boolean
}

interface Dependencies {
  read: DeliveryStore
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  resolveLinks: (from: DeliveryStore, groups: ListEditionRow[][], at: string) => Promise<LinksOf>
  /** The fields of an article without the closing brace. */
  openJson: (row: EditionRow, forms: BodyForm[], moment: Moment) => string
  /** What an edition is known by in a tag. */
  versionOf: (row: EditionRow, moment: Moment) => string
  /** The part of every ETag that changes with the form of answers. */
  form: string
}

/** What is wanted of a list of articles. */
export interface ListWish {
  filters: ListFilters
  /** The words that they must have, if any. */
  question?: Question | undefined
  sort: Sort
  limit: number
  place: Place | undefined
  /** Which forms of the body come with each, whether its links do, and which of its fields; all where there are none. */
  forms: BodyForm[]
  withLinks: boolean
  fields: string[] | undefined
  /** Whether it is said how many there are altogether. */
  isCounted: boolean
}

/** A page of articles as rows, one more than the limit if there are more, and what goes with them. */
interface Read {
  rows: ListRow[]
  total?: number
  linksOf: (row: EditionRow) => { json: string; tag: string } | undefined
}

/** An edition in a list; how well it matches where words were asked for. */
export type ListRow = EditionRow & Partial<Pick<HitRow, 'tier' | 'nth'>>

/** What finds the editions with these words, as a list does. */
export function hitQuestion(question: Question, { filters, sort, at, look }: ListQuestion): HitQuestion {
  const tiers = sort === 'relevance' ? tiersOf(question) : allOf(question)
  return { tiers, filters, sort, at, isEmbargo: look === 'embargo' }
}

export type ArticleLists = ReturnType<typeof articleLists>

export function articleLists(of: Dependencies) {
  const { read, snapshot, storeOn, clock, resolveLinks, openJson, versionOf, form } = of

  /**
   * The small indexes of what is public now lack what ended a while ago, and by a clock that was set back that may be
   * public again before the ticker has taken it back: then the large ones are asked.
   */
  async function rowsOf(
    from: DeliveryStore,
    question: ListQuestion,
    wish: ListWish,
  ): Promise<{ rows: ListRow[]; question: ListQuestion }> {
    const wanted = { ...wish, limit: wish.limit + 1 }
    if (wish.question) {
      const prepared = await from.prepared(wish.question)
      return { rows: await from.hits(hitQuestion(prepared, question), wanted), question }
    }
    const rows = await from.list(question, wanted)
    if (question.look !== 'now') return { rows, question }
    const isLacking = rows[0] === undefined ? await from.isLacking(question.at) : rows[0].isLacking
    if (!isLacking) return { rows, question }
    const then = { ...question, look: 'then' as const }
    return { rows: await from.list(then, wanted), question: then }
  }

  const questionAt = (at: string, { filters, sort }: ListWish, moment: Moment): ListQuestion => ({
    filters,
    sort,
    at,
    look: moment.at !== undefined ? 'then' : moment.embargoed ? 'embargo' : 'now',
  })

  /** Rows alone are one statement; what else is wanted is read at the same instant. */
  async function readFor(wish: ListWish, moment: Moment): Promise<Read> {
    // By relevance, several statements look for what matches worse and worse.
    const isOne = !wish.isCounted && !wish.withLinks && wish.sort !== 'relevance'
    if (isOne) {
      const at = moment.at ?? clock.now()
      const { rows } = await rowsOf(read, questionAt(at, wish, moment), wish)
      return { rows, linksOf: () => undefined }
    }
    return snapshot(async (still) => {
      const from = storeOn(still)
      const at = moment.at ?? clock.now()
      const { rows, question } = await rowsOf(from, questionAt(at, wish, moment), wish)
      const total = wish.isCounted ? { total: await totalOf(from, question, wish) } : {}
      if (!wish.withLinks) return { rows, ...total, linksOf: () => undefined }
      const ids = rows.map(({ articleId }) => articleId)
      const lists = ids.length === 0 ? new Map<string, ListEditionRow>() : await from.linksOfEach(ids, at)
      const linksOf = await resolveLinks(
        from,
        [...lists.values()].map((list) => [list]),
        at,
      )
      return { rows, ...total, linksOf: ({ articleId }) => linksOf(lists.get(articleId) ?? null) }
    })
  }

  const totalOf = async (from: DeliveryStore, question: ListQuestion, wish: ListWish) =>
    wish.question ? from.countHits(hitQuestion(await from.prepared(wish.question), question)) : from.count(question)

  return {
    /** The rows of a page, one more than `limit` if there are more; `answer` makes the JSON of those that are shown. */
    async list(wish: ListWish, moment: Moment = {}) {
      const { rows, total, linksOf } = await readFor(wish, moment)
      const entryOf = (row: EditionRow): string => {
        const links = linksOf(row)
        const whole = `${openJson(row, wish.forms, moment)}${links ? `,"headlines":${links.json}` : ''}}`
        return picked(whole, wish.fields)
      }
      const answer = (shown: EditionRow[], page: object) => {
        const pageJson = JSON.stringify({ ...page, ...(total !== undefined && { total }) })
        const tags = shown.map((row) => `${row.articleId} ${versionOf(row, moment)} ${linksOf(row)?.tag ?? ''}`)
        return {
          json: `{"data":[${shown.map(entryOf).join(',')}],"page":${pageJson}}`,
          etag: `"${digestOf([...tags, pageJson, wish.forms.join(), wish.fields?.join() ?? ''].join('\n'))}.${form}"`,
        }
      }
      return { rows, answer }
    },
  }
}
