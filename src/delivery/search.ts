import { distance } from 'fastest-levenshtein'
import type { Database, Db } from '../db/database.ts'
import { allOf } from '../db/words.ts'
import { digestOf } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import type { Question } from '../shared/question.ts'
import { isCharacter, PLACES, tokensOf } from '../shared/words.ts'
import { hitQuestion, type ListRow, type ListWish } from './article-lists.ts'
import { picked } from './fields.ts'
import type { ListQuestion } from './list-store.ts'
import type { EditionRow } from './rows.ts'
import type { BodyForm } from './schema.ts'
import type { HitQuestion } from './search-store.ts'
import { escapedText, markedText, PAGE_WORDS_MAX, snippetOf } from './snippets.ts'
import type { DeliveryStore } from './store.ts'
import { namedIn } from './term-names.ts'

// Searches: which articles have the words, where, what else they have in common, and what may have been meant instead.

/** Of the newest articles that have the words, so many are looked at for what they have in common. */
const COUNTED_MAX = 300
const VALUES_MAX = 10

interface Moment {
  at?: string | undefined
  embargoed?: boolean
}

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  openJson: (row: EditionRow, forms: BodyForm[], moment: Moment) => string
  versionOf: (row: EditionRow, moment: Moment) => string
  form: string
}

/** What is asked, and the words as they were written. */
export interface SearchWish extends Omit<ListWish, 'forms' | 'withLinks' | 'question'> {
  question: Question & { text: string }
}

type Facet = { slug: string; name: string; articles: number }

export function searches({ snapshot, storeOn, clock, openJson, versionOf, form }: Dependencies) {
  /** What the newest that match have in common; years by UTC. */
  async function commonIn(from: DeliveryStore, question: HitQuestion) {
    const { all, places: counted } = await from.placesOfHits(question, COUNTED_MAX)
    const years = new Map<string, number>()
    for (const place of counted) {
      const year = new Date(place / PLACES).toISOString().slice(0, 4)
      years.set(year, (years.get(year) ?? 0) + 1)
    }
    const terms = counted.length === 0 ? [] : await from.termsOfHits(question, COUNTED_MAX)
    const most = (kind: 'section' | 'tag' | 'author') =>
      terms
        .filter((term) => term.kind === kind)
        .map(({ key, articles, newest }) => ({ kind, key, articles, place: Number(newest) }))
        .sort((a, b) => b.articles - a.articles || (a.key < b.key ? -1 : 1))
        .slice(0, VALUES_MAX)
    const shown = [...most('section'), ...most('tag'), ...most('author')]
    const faces = await from.faces()
    const cards = await from.cardsAt([...new Set(shown.map(({ place }) => place))])
    const named = (kind: 'section' | 'tag' | 'author'): Facet[] =>
      most(kind).map(({ key, articles, place }) => {
        // As the newest of what was found calls it, unless the desk does.
        const { slug, name } = faces.byKey(kind, key) ?? namedIn(cards.get(place), kind, key)
        return { slug, name, articles }
      })
    return {
      found: { articles: counted.length, isExact: all < COUNTED_MAX },
      facets: {
        section: named('section'),
        tag: named('tag'),
        author: named('author'),
        year: [...years].map(([year, articles]) => ({ year: Number(year), articles })).sort((a, b) => b.year - a.year),
      },
    }
  }

  /** The question with words that readers can find in the place of those that nobody can; null where there are none. */
  async function meantBy(from: DeliveryStore, question: SearchWish['question'], at: string): Promise<string | null> {
    const isFound = async (word: string, isPrefix: boolean) => {
      const tiers = allOf(await from.prepared({ wanted: [{ words: [word], isPrefix }], unwanted: [] }))
      const hits = { tiers, filters: {}, sort: '-publishedAt' as const, at, isEmbargo: false }
      return (await from.placesOfHits(hits, 1)).places.length > 0
    }
    /** Each word, and whether others that begin with it would do. */
    const wanted = new Map(
      question.wanted.flatMap(({ words, isPrefix }) =>
        words.map((word, n) => [word, isPrefix && n === words.length - 1]),
      ),
    )
    const instead = new Map<string, string>()
    for (const [word, isPrefix] of wanted) {
      if (isCharacter(word) || word.length < 4 || (await isFound(word, isPrefix))) continue
      const furthest = word.length < 7 ? 1 : 2
      const near = (await from.wordsLike(word, furthest))
        .map((other) => ({ other, far: distanceOf(word, other) }))
        .filter(({ far }) => far > 0 && far <= furthest)
        .sort((a, b) => a.far - b.far)
      for (const { other } of near.slice(0, 20)) {
        if (!(await isFound(other, false))) continue
        instead.set(word, other)
        break
      }
    }
    if (instead.size === 0) return null
    let [text, done] = ['', 0]
    for (const { word, from: begin, to } of tokensOf(question.text)) {
      text += question.text.slice(done, begin) + (instead.get(word) ?? question.text.slice(begin, to))
      done = to
    }
    return text + question.text.slice(done)
  }

  return {
    /** The rows of a page, one more than `limit` if there are more; `answer` makes the JSON of those that are shown. */
    search: async (wish: SearchWish, moment: Moment = {}) =>
      snapshot(async (still) => {
        const from = storeOn(still)
        const at = clock.now()
        const asked: ListQuestion = {
          filters: wish.filters,
          sort: wish.sort,
          at,
          look: moment.embargoed ? 'embargo' : 'now',
        }
        const question = hitQuestion(await from.prepared(wish.question), asked)
        const rows = await from.hits(question, { forms: ['text'], limit: wish.limit + 1, place: wish.place })
        const common = await commonIn(from, question)
        const total = wish.isCounted ? { total: await from.countHits(question) } : {}
        const isNothing = common.found.articles === 0
        const didYouMean = isNothing ? await meantBy(from, wish.question, at) : null
        const budget = { words: PAGE_WORDS_MAX }
        const entryOf = (row: ListRow): string => {
          const whole = picked(`${openJson(row, [], moment)}}`, wish.fields)
          const separator = whole === '{}' ? '' : ','
          return `${whole.slice(0, -1)}${separator}"highlights":${JSON.stringify(highlightsOf(row, wish.question, budget))}}`
        }
        const answer = (shown: ListRow[], page: object) => {
          const tags = shown.map((row) => `${row.articleId} ${versionOf(row, moment)}`)
          const rest = `"page":${JSON.stringify({ ...page, ...total })},"found":${JSON.stringify(common.found)},"facets":${JSON.stringify(common.facets)},"didYouMean":${JSON.stringify(didYouMean)}`
          return {
            // Made only for who does not have it.
            get json() {
              return `{"data":[${shown.map(entryOf).join(',')}],${rest}}`
            },
            etag: `"${digestOf([...tags, rest, wish.question.text, wish.fields?.join() ?? ''].join('\n'))}.q.${form}"`,
          }
        }
        return { rows, answer }
      }),
  }
}

/** How many letters make the difference; two that have changed places are one. */
function distanceOf(word: string, other: string): number {
  const far = distance(word, other)
  if (far !== 2 || word.length !== other.length) return far
  const at = [...word].findIndex((letter, n) => letter !== other[n])
  const swapped = word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
  return swapped === other ? 1 : far
}

interface Shown {
  headline: string
  kicker?: string
  standfirst?: string
  byline: string | null
}

/** Where a hit has the words: its headline always, the others where they have some. */
function highlightsOf({ card, text }: ListRow, question: Question, budget: { words: number }) {
  const { headline, ...others } = JSON.parse(`{${card}}`) as Shown
  const inOthers = (['kicker', 'standfirst', 'byline'] as const).flatMap((name) => {
    const html = others[name] && markedText(others[name], question)
    return html ? [[name, html]] : []
  })
  const inBody = snippetOf(JSON.parse(text ?? '""') as string, question, budget)
  return {
    headline: markedText(headline, question) ?? escapedText(headline),
    ...Object.fromEntries(inOthers),
    ...(inBody && { body: inBody }),
  }
}
