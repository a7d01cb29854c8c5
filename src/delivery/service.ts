import type { Database, Db } from '../db/database.ts'
import type { PublishedTables } from '../db/tables.ts'
import { digestOf } from '../headlines/edition.ts'
import { ARTICLES, articleTag, TAXONOMY } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import { isUuid } from '../shared/fields.ts'
import { formerPathOf } from '../shared/former-path.ts'
import { addressOf, isSamePath, nameIn } from './address.ts'
import { articleLists } from './article-lists.ts'
import { faceCache } from './face-store.ts'
import { frontAnswers } from './fronts.ts'
import { isReady, type Links, type LinksOf, linkResolver } from './links.ts'
import { presentFaces } from './present.ts'
import { railAnswers } from './rails.ts'
import { relatedAnswers } from './related.ts'
import type { EditionRow, ListEditionRow } from './rows.ts'
import { type BodyForm, bodyFields } from './schema.ts'
import { searches } from './search.ts'
import type { Site } from './site.ts'
import { sitemapAnswers } from './sitemaps.ts'
import { type DeliveryStore, deliveryStore } from './store.ts'
import { termAnswers } from './terms.ts'

// Owns what the world reads: the projection of what is public at this instant. Promises that nothing else is ever read
// here, and that an answer is of one instant. What was rendered once is joined and sent, not parsed again.

interface Dependencies {
  read: Database['read']
  snapshot: Database['snapshot']
  isSnapshotCheap: boolean
  tables: PublishedTables
  clock: Clock
  /** The address of an article on the public site, with `{slug}`, `{id}` and `{section}`. */
  articleUrl: string
  site: Site
}

/** A text that is ready to be sent, JSON unless `type` says otherwise, and its validator. */
export interface Answer {
  json: string
  type?: string
  /** By which names it can be taken out of shared caches (shared/cache-tags.ts); those of a list of articles where they are left out. */
  tags?: string[]
  etag: string
}

/** The instant that is asked for: now, where `at` is left out; or what will be public later and is under embargo. */
export interface Moment {
  at?: string | undefined
  embargoed?: boolean
}

/** What is gone for good; the reason is null where it was erased. */
interface Gone {
  reason: string | null
}

/** The slug under which something is now that was asked for under a former one. */
interface Moved {
  movedTo: string
}

export type DeliveryService = ReturnType<typeof deliveryService>

export function deliveryService({ read, snapshot, isSnapshotCheap, tables, clock, articleUrl, site }: Dependencies) {
  const cache = faceCache()
  const store = deliveryStore(read, tables, cache)
  /** The part of every ETag that changes with the form of answers: a setting, or this number by hand. */
  const form = digest(['1', articleUrl, JSON.stringify(site)]).slice(0, 4)

  const urlOf = ({ slug, articleId, section }: Pick<EditionRow, 'slug' | 'articleId' | 'section'>): string =>
    addressOf(articleUrl, { slug, id: articleId, section })
  const resolveLinks = linkResolver(urlOf)

  /** The fields of an article without the closing brace, so that more can follow. */
  const openJson = (row: EditionRow, forms: BodyForm[], moment: Moment): string => {
    const held = moment.embargoed ? `,"embargoedUntil":"${row.liveFrom}"` : ''
    const bodies = forms.map((each) => `,"${bodyFields[each]}":${row[each]}`).join('')
    return `{"id":"${row.articleId}","slug":"${row.slug}","url":${JSON.stringify(urlOf(row))},${row.card}${held}${bodies}`
  }

  const stores = new WeakMap<Db, DeliveryStore>()
  function storeOn(on: Db): DeliveryStore {
    const known = stores.get(on) ?? deliveryStore(on, tables, cache)
    stores.set(on, known)
    return known
  }

  /**
   * What `find` finds, and the links of its lists, each group of which is resolved as one: no two lists of it show the same
   * story, and the earlier list goes first. All is read at one instant, so that no publication comes in between. Where a
   * snapshot is dear, one statement is tried first: where the lists depend on nothing, it is the whole answer.
   */
  async function withLinks<Found>(
    find: (from: DeliveryStore, at: string) => Promise<Found>,
    groupsOf: (found: Found) => ListEditionRow[][],
    moment: Moment,
  ): Promise<{ found: Found; linksOf: LinksOf }> {
    if (!isSnapshotCheap) {
      const at = moment.at ?? clock.now()
      const found = await find(store, at)
      const groups = groupsOf(found)
      if (groups.flat().every(isReady)) return { found, linksOf: await resolveLinks(store, groups, at) }
    }
    return snapshot(async (still) => {
      const from = storeOn(still)
      const at = moment.at ?? clock.now()
      const found = await find(from, at)
      return { found, linksOf: await resolveLinks(from, groupsOf(found), at) }
    })
  }

  /**
   * What an edition is known by in a tag: its number and when it began, as one that readers have seen may be taken back
   * all the same, by who looked at the clock just before, and another gets its number. One that has not begun may be
   * planned anew for the same instant, so that is known by what it says.
   */
  function versionOf({ edition, contentVersion, liveFrom, card, face }: EditionRow, { at, embargoed }: Moment): string {
    const isPlanned = (at !== undefined || embargoed) && liveFrom > clock.now()
    if (isPlanned) return digest([String(contentVersion), liveFrom, card])
    return `${edition}-${Date.parse(liveFrom).toString(36)}${face === undefined ? '' : `-${face}`}`
  }

  const railOf = (list: ListEditionRow, linksOf: LinksOf): Links => {
    const { json, tag } = linksOf(list)
    const head = `{"key":${JSON.stringify(list.key)},${list.card.slice(1, -1)},"updatedAt":"${list.updatedAt}"`
    return { json: `${head},"items":${json}}`, tag: digest([tag, head]) }
  }

  /**
   * An article with its links, or the slug under which it is now, or that it is gone; undefined if nothing is public
   * under that name. What is under embargo comes first for who asks for that, then what is public.
   */
  async function findArticle(
    idOrSlug: string,
    forms: BodyForm[],
    moment: Moment,
  ): Promise<Found | Moved | Gone | undefined> {
    const by = isUuid(idOrSlug) ? 'id' : 'slug'
    const { found, linksOf } = await withLinks(
      (from, at) => from.article(by, idOrSlug, forms, at, moment.embargoed),
      (article) => (article?.list ? [[article.list]] : []),
      moment,
    )
    if (!found && moment.embargoed) return findArticle(idOrSlug, forms, {})
    if (!found) return store.tombstone(by, idOrSlug, moment.at ?? clock.now())
    const { edition, list } = found
    if (!isUuid(idOrSlug) && edition.slug !== idOrSlug) return { movedTo: edition.slug }
    const isLooking = list?.items.includes('"latest":true') ?? false
    return { edition, links: linksOf(list), moment, isLooking }
  }

  /** What is under a slug or id. One statement finds an article under whichever of its slugs: there are no chains. */
  async function resolveName(name: string, path: string): Promise<Resolved> {
    const by = isUuid(name) ? 'id' : 'slug'
    const at = clock.now()
    const found = await store.article(by, name, [], at)
    if (found) {
      const { articleId: id, slug } = found.edition
      const location = urlOf(found.edition)
      return { status: isSamePath(location, path) ? 'live' : 'moved', location, id, slug }
    }
    const stone = await store.tombstone(by, name, at)
    return stone ? { status: 'gone', ...(stone.reason !== null && { reason: stone.reason }) } : unknown
  }

  /** What is at a path of the site that went before this one. */
  async function resolveFormer(path: string): Promise<Resolved> {
    const id = await store.atFormerPath(formerPathOf(path) ?? '')
    return id === undefined ? unknown : resolveName(id, path)
  }

  return {
    now: () => clock.now(),
    ...articleLists({ read: store, snapshot, storeOn, clock, resolveLinks, openJson, versionOf, form }),
    ...sitemapAnswers({ snapshot, storeOn, clock, urlOf, site, form }),
    ...termAnswers({ snapshot, storeOn, clock, form }),
    ...presentFaces({ read: store, clock, urlOf }),
    ...relatedAnswers({ snapshot, storeOn, clock, openJson, versionOf, form }),
    ...searches({ snapshot, storeOn, clock, openJson, versionOf, form }),
    ...railAnswers({ snapshot, storeOn, clock, withLinks, resolveLinks, railOf, openJson, versionOf, form }),
    ...frontAnswers({ snapshot, storeOn, clock, resolveLinks, railOf, form }),

    /**
     * What readers would get of an article if this were its edition, with its links as they resolve now. For previews,
     * which hand in what they have rendered: nothing here reads it. `still` is a snapshot.
     */
    async presentOn(still: Db, edition: EditionRow): Promise<(body: Bodies) => string> {
      const from = storeOn(still)
      const at = clock.now()
      const list = await from.linksOf(edition.articleId, at)
      const linksOf = await resolveLinks(from, list ? [[list]] : [], at)
      const { json } = linksOf(list ?? null)
      const [shown = edition] = await from.facedNow([edition])
      return (body) => `${openJson({ ...shown, ...body }, Object.keys(body) as BodyForm[], {})},"headlines":${json}}`
    },

    /** What readers would get of a rail if this were its edition; for previews. `still` is a snapshot. */
    presentRailOn: async (still: Db, rail: ListEditionRow): Promise<string> =>
      railOf(rail, await resolveLinks(storeOn(still), [[rail]], clock.now())).json,

    /** What is at a path of the public site: an article, its present address, or what became of it. */
    async resolve(path: string): Promise<Answer> {
      const [own = ''] = path.split('?')
      const name = nameIn(articleUrl, own)
      const found = name === undefined ? unknown : await resolveName(name, own)
      const json = JSON.stringify(found.status === 'unknown' ? await resolveFormer(path) : found)
      return { json, etag: `"${digest([json])}.a.${form}"` }
    },

    /**
     * One article with its links. `isKnown` is asked about the ETag before the body is read: where it says yes, no JSON
     * is made. `movedTo` is the present slug where a former one was asked for; undefined if nothing is public there.
     */
    async article(idOrSlug: string, forms: BodyForm[], moment: Moment = {}, isKnown?: (etag: string) => boolean) {
      const read = async (wanted: BodyForm[]): Promise<Answer | Moved | Gone | undefined> => {
        const found = await findArticle(idOrSlug, wanted, moment)
        if (found === undefined || !('edition' in found)) return found
        const { edition, links } = found
        const view = `${forms.map(([first]) => first).join('')}${found.moment.embargoed ? 'e' : ''}`
        return {
          json: `${openJson(edition, wanted, found.moment)},"headlines":${links.json}}`,
          etag: `"${edition.articleId}.${versionOf(edition, found.moment)}.${links.tag}.${view}.${form}"`,
          tags: tagsOf(found),
        }
      }
      if (isKnown === undefined) return read(forms)
      const early = await read([])
      return early && 'etag' in early && !isKnown(early.etag) ? read(forms) : early
    },

    /** The links of one article alone. */
    async headlines(idOrSlug: string, moment: Moment = {}): Promise<Answer | Moved | Gone | undefined> {
      const found = await findArticle(idOrSlug, [], moment)
      if (found === undefined || !('edition' in found)) return found
      const { edition, links } = found
      return {
        json: `{"data":${links.json}}`,
        etag: `"${edition.articleId}.${links.tag}.h.${form}"`,
        tags: tagsOf(found),
      }
    },
  }
}

/** Forms of a body as JSON text. */
type Bodies = Partial<Record<BodyForm, string>>

export interface Resolved {
  status: 'live' | 'moved' | 'gone' | 'unknown'
  location?: string
  id?: string
  slug?: string
  reason?: string
}

const unknown: Resolved = { status: 'unknown' }

/** An article that is public, and its links as they are sent. */
interface Found {
  edition: EditionRow
  moment: Moment
  links: Links
  /** Whether a link of it is to the newest of a section or tag. */
  isLooking: boolean
}

const tagsOf = ({ edition, isLooking }: Found): string[] => [
  articleTag(edition.articleId),
  TAXONOMY,
  ...(isLooking ? [ARTICLES] : []),
]

const digest = (parts: string[]): string => digestOf(parts.join('\n'))
