import { createHash } from 'node:crypto'
import type { Db } from '../db/database.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { PublishedLink } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import { isUuid } from '../shared/fields.ts'
import type { Place } from '../shared/place.ts'
import { resolveLinks, type Target } from './links.ts'
import { type BodyForm, bodyFields } from './schema.ts'
import { type ArticleFilters, deliveryStore, type EditionRow, type ListEditionRow } from './store.ts'

// Owns what the world reads: the projection of what is public at this instant. Promises that nothing else is ever read
// here, and that an answer is of one instant. What was rendered once is joined and sent, not parsed again.

interface Dependencies {
  read: Db
  tables: PublishedTables
  clock: Clock
  /** The address of an article on the public site, with `{slug}` and `{id}`. */
  articleUrl: string
}

/** A JSON text that is ready to be sent, and its validator. */
export interface Answer {
  json: string
  etag: string
}

/** The slug under which something is now that was asked for under a former one. */
interface Moved {
  movedTo: string
}

export type DeliveryService = ReturnType<typeof deliveryService>

export function deliveryService({ read, tables, clock, articleUrl }: Dependencies) {
  const store = deliveryStore(read, tables)
  /** The part of every ETag that changes with the form of answers: a setting, or this number by hand. */
  const form = digest(['1', articleUrl]).slice(0, 4)

  const urlOf = ({ slug, articleId }: EditionRow): string =>
    articleUrl.replaceAll('{slug}', slug).replaceAll('{id}', articleId)

  /** The fields of an article without the closing brace, so that more can follow. */
  const openJson = (row: EditionRow, forms: BodyForm[]): string => {
    const bodies = forms.map((each) => `,"${bodyFields[each]}":${row[each]}`).join('')
    return `{"id":"${row.articleId}","slug":"${row.slug}","url":${JSON.stringify(urlOf(row))},${row.card}${bodies}`
  }

  /** The visible editions that these lists point at, in one statement. */
  async function targetsOf(lists: (ListEditionRow | null)[], at: string): Promise<Map<string, Target>> {
    const ids = lists.flatMap((list) =>
      list === null || list.targets === '[]' ? [] : (JSON.parse(list.targets) as string[]),
    )
    const found = await store.targets([...new Set(ids)], at)
    return new Map(found.map((edition) => [edition.articleId, { edition, url: urlOf(edition) }]))
  }

  const railOf = (list: ListEditionRow, targets: Map<string, Target>) => {
    const { json, tag } = linksOf(list, targets)
    const head = `{"key":${JSON.stringify(list.key)},${list.card.slice(1, -1)},"updatedAt":"${list.liveFrom}"`
    return { json: `${head},"items":${json}}`, tag: digest([tag, head]) }
  }

  return {
    /**
     * One article with its links. `isKnown` is asked about the ETag before the body is read: where it says yes, no JSON
     * is made. `movedTo` is the present slug where a former one was asked for; undefined if nothing is public there.
     */
    async article(idOrSlug: string, forms: BodyForm[], isKnown?: (etag: string) => boolean) {
      const at = clock.now()
      const find = (wanted: BodyForm[]) => store.article(isUuid(idOrSlug) ? 'id' : 'slug', idOrSlug, wanted, at)
      const read = async (wanted: BodyForm[]): Promise<Answer | Moved | undefined> => {
        const found = await find(wanted)
        if (!found) return undefined
        const { edition, list } = found
        if (!isUuid(idOrSlug) && edition.slug !== idOrSlug) return { movedTo: edition.slug }
        const links = linksOf(list, await targetsOf([list], at))
        const view = forms.map(([first]) => first).join('')
        return {
          json: `${openJson(edition, wanted)},"headlines":${links.json}}`,
          etag: `"${edition.articleId}.${edition.edition}.${links.tag}.${view}.${form}"`,
        }
      }
      if (isKnown === undefined) return read(forms)
      const early = await read([])
      return early && 'etag' in early && !isKnown(early.etag) ? read(forms) : early
    },

    /** The links of one article alone. */
    async headlines(idOrSlug: string): Promise<Answer | Moved | undefined> {
      const at = clock.now()
      const found = await store.article(isUuid(idOrSlug) ? 'id' : 'slug', idOrSlug, [], at)
      if (!found) return undefined
      const { edition, list } = found
      if (!isUuid(idOrSlug) && edition.slug !== idOrSlug) return { movedTo: edition.slug }
      const links = linksOf(list, await targetsOf([list], at))
      return { json: `{"data":${links.json}}`, etag: `"${edition.articleId}.${links.tag}.h.${form}"` }
    },

    /** The rows of a page, one more than `limit` if there are more; `answer` makes the JSON of those that are shown. */
    async list(filters: ArticleFilters, forms: BodyForm[], limit: number, place: Place | undefined) {
      const rows = await store.list(filters, forms, limit + 1, place, clock.now())
      const answer = (shown: EditionRow[], page: object): Answer => {
        const pageJson = JSON.stringify(page)
        const entries = shown.map((row) => `${openJson(row, forms)}}`)
        const versions = shown.map(({ articleId, edition }) => `${articleId} ${edition}`)
        return {
          json: `{"data":[${entries.join(',')}],"page":${pageJson}}`,
          etag: `"${digest([...versions, pageJson, forms.join()])}.${form}"`,
        }
      }
      return { rows, answer }
    },

    async rail(key: string): Promise<Answer | undefined> {
      const at = clock.now()
      const list = await store.rail(key, at)
      if (!list) return undefined
      const { json, tag } = railOf(list, await targetsOf([list], at))
      return { json, etag: `"${tag}.${form}"` }
    },

    async rails(): Promise<Answer> {
      const at = clock.now()
      const lists = await store.rails(at)
      const targets = await targetsOf(lists, at)
      const found = lists.map((list) => railOf(list, targets))
      return {
        json: `{"data":[${found.map(({ json }) => json).join(',')}]}`,
        etag: `"${digest(found.map(({ tag }) => tag))}.r.${form}"`,
      }
    },
  }
}

/**
 * The links of a list as JSON text, and the part of the ETag that speaks for them: a digest of that text however it
 * came about, so that a link that is left out does not show in it.
 */
function linksOf(list: ListEditionRow | null, targets: Map<string, Target>): { json: string; tag: string } {
  if (list === null) return { json: '[]', tag: digest(['[]']) }
  if (list.targets === '[]') return { json: list.items, tag: list.digest }
  const json = JSON.stringify(resolveLinks(JSON.parse(list.items) as PublishedLink[], targets))
  return { json, tag: digest([json]) }
}

const digest = (parts: string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 12)
