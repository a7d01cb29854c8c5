import type { Database, Db } from '../db/database.ts'
import { digestOf } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import { isUuid } from '../shared/fields.ts'
import { isCharacter, tokensOf } from '../shared/words.ts'
import { picked } from './fields.ts'
import type { EditionRow } from './rows.ts'
import type { Article, BodyForm } from './schema.ts'
import type { DeliveryStore } from './store.ts'

// What else there is to read: by the tags that two articles share, their section, and the words of their headlines. The
// work has a bound, however many articles there are: of each tag, section and word the newest few are looked at.

const TAGS_MAX = 8
const WORDS_MAX = 6
/** Of each. */
const NEWEST = 30
/** Shorter ones are in every headline. */
const WORD_LENGTH_MIN = 4

/** How much it says that two articles share something: less, the more have it. */
const weights = { tag: 3, section: 1, word: 2 }

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  openJson: (row: EditionRow, forms: BodyForm[], moment: object) => string
  versionOf: (row: EditionRow, moment: object) => string
  form: string
}

/** The words of a headline by which others are looked for: the longest of them. */
const wordsOf = (headline: string): string[] =>
  [...new Set([...tokensOf(headline)].map(({ word }) => word))]
    .filter((word) => word.length >= WORD_LENGTH_MIN && !isCharacter(word))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .slice(0, WORDS_MAX)

export function relatedAnswers({ snapshot, storeOn, clock, openJson, versionOf, form }: Dependencies) {
  /** The ids of what is most related, the most so first. */
  async function related(from: DeliveryStore, row: EditionRow, at: string, limit: number): Promise<string[]> {
    const { tags, language, headline } = JSON.parse(`{${row.card}}`) as Article
    const own = tags.slice(0, TAGS_MAX).map(({ slug = '' }) => ({ tag: slug, language }))
    const filters = [...own, ...(row.section === '' ? [] : [{ section: row.section, language }])]
    const wanted = filters.map((each) => ({ filters: each, most: NEWEST + 1 }))
    const byTerm = wanted.length === 0 ? [] : await from.newest(wanted, at, false)
    const words = wordsOf(headline)
    const byWord = words.length === 0 ? [] : await from.newestWithWords(words, { language }, at, NEWEST + 1)
    const scores = new Map<string, number>()
    const add = (ids: string[], weight: number) => {
      // Of what many have, it is not known how many, and the newest say little.
      for (const id of ids) scores.set(id, (scores.get(id) ?? 0) + weight / Math.log2(2 + ids.length))
    }
    for (const [n, ids] of byTerm.entries()) add(ids, n < own.length ? weights.tag : weights.section)
    for (const ids of byWord) add(ids, weights.word)
    scores.delete(row.articleId)
    const newest = new Map([...new Set([...byTerm, ...byWord].flat())].map((id, n) => [id, n]))
    return [...scores]
      .sort(([a, one], [b, other]) => other - one || (newest.get(a) ?? 0) - (newest.get(b) ?? 0))
      .slice(0, limit)
      .map(([id]) => id)
  }

  return {
    /** Undefined where there is no such article; `movedTo` is the present slug where a former one was asked for. */
    related: (idOrSlug: string, limit: number, fields: string[] | undefined) =>
      snapshot(async (still) => {
        const from = storeOn(still)
        const at = clock.now()
        const by = isUuid(idOrSlug) ? 'id' : 'slug'
        const found = await from.article(by, idOrSlug, [], at)
        if (!found) return from.tombstone(by, idOrSlug, at)
        if (by === 'slug' && found.edition.slug !== idOrSlug) return { movedTo: found.edition.slug }
        const ids = await related(from, found.edition, at, limit)
        const question = { filters: { ids }, sort: '-publishedAt' as const, at, look: 'now' as const }
        const rows = ids.length === 0 ? [] : await from.list(question, { forms: [], limit, place: undefined })
        const byId = new Map(rows.map((row) => [row.articleId, row]))
        const shown = ids.flatMap((id) => byId.get(id) ?? [])
        const data = shown.map((row) => picked(`${openJson(row, [], {})}}`, fields))
        const tags = shown.map((row) => `${row.articleId} ${versionOf(row, {})}`)
        const etag = `"${digestOf([found.edition.articleId, ...tags, fields?.join() ?? ''].join('\n'))}.l.${form}"`
        return { json: `{"data":[${data.join(',')}]}`, etag }
      }),
  }
}
