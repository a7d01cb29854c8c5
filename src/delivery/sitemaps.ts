import { setImmediate as loopTurn } from 'node:timers/promises'
import type { Database, Db } from '../db/database.ts'
import { digestOf } from '../headlines/edition.ts'
import { type Clock, FOREVER, later } from '../shared/clock.ts'
import { type NewsEntry, toNewsSitemap, toSitemap, toSitemapIndex } from './feeds/sitemap-xml.ts'
import type { EditionRow } from './rows.ts'
import type { Site } from './site.ts'
import type { Month } from './sitemap-store.ts'
import type { DeliveryStore } from './store.ts'

// What search engines are told of: all visible articles, by the month of their first publication, and those of the last
// two days for Google News.

/** Below the 50,000 addresses and 50 MB of the protocol. */
const ADDRESSES_MAX = 10_000
const NEWS_MAX = 1_000
const NEWS_FOR_MS = 2 * 24 * 3_600_000
const LAST_MONTH = FOREVER.slice(0, 7)
const XML = 'application/xml; charset=utf-8'

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  urlOf: (row: Pick<EditionRow, 'slug' | 'articleId' | 'section'>) => string
  site: Site
  form: string
}

/** The month that an instant is in, by UTC. */
function monthOf(at: string): Month & { name: string } {
  const name = at.slice(0, 7)
  const [year = 0, month = 0] = name.split('-').map(Number)
  const next = month < 12 ? `${name.slice(0, 5)}${String(month + 1).padStart(2, '0')}` : `${year + 1}-01`
  const first = (of: string) => `${of}-01T00:00:00.000Z`
  return { name, from: first(name), to: name === LAST_MONTH ? FOREVER : first(next) }
}

export function sitemapAnswers({ snapshot, storeOn, clock, urlOf, site, form }: Dependencies) {
  const answerOf = (xml: string) => ({ json: xml, type: XML, etag: `"${digestOf(xml)}.s.${form}"` })
  const atOneInstant = <T>(work: (from: DeliveryStore, at: string) => Promise<T>) =>
    snapshot((still) => work(storeOn(still), clock.now()))

  return {
    sitemapIndex: () =>
      atOneInstant(async (from, at) => {
        const sitemaps: { loc: string; lastmod: string }[] = []
        // By the clock that a piece was published with, which may have been ahead of this one.
        for (let last = await from.lastBefore(FOREVER, at); last !== undefined; ) {
          const month = monthOf(last)
          const { articles, updatedAt } = await from.monthOf(month, at)
          for (let part = Math.ceil(articles / ADDRESSES_MAX); part > 0; part--)
            sitemaps.push({
              loc: `${site.origin}/v1/sitemaps/${month.name}-${part}.xml`,
              lastmod: updatedAt ?? last,
            })
          last = await from.lastBefore(month.from, at)
          // Others get their turn between two months.
          await loopTurn()
        }
        return answerOf(toSitemapIndex(sitemaps))
      }),

    /** One of those that the index names, as in "2026-11-1.xml"; undefined for what has nothing in it. */
    sitemap: async (name: string) => {
      const [, year = '', month = '', part = ''] = /^([1-9]\d{3})-(0[1-9]|1[0-2])-([1-9]\d{0,3})\.xml$/.exec(name) ?? []
      if (part === '') return undefined
      return atOneInstant(async (from, at) => {
        const skip = (Number(part) - 1) * ADDRESSES_MAX
        const rows = await from.ofMonth(monthOf(`${year}-${month}-01`), at, { limit: ADDRESSES_MAX, skip })
        if (rows.length === 0) return undefined
        return answerOf(toSitemap(rows.map((row) => ({ loc: urlOf(row), lastmod: row.updatedAt }))))
      })
    },

    newsSitemap: () =>
      atOneInstant(async (from, at) => {
        const filters = { publishedAfter: later(at, -NEWS_FOR_MS) }
        const question = { filters, sort: '-publishedAt' as const, at, look: 'now' as const }
        const rows = await from.list(question, { forms: [], limit: NEWS_MAX, place: undefined })
        const entries = rows.map((row): NewsEntry => {
          const { language, headline } = JSON.parse(`{${row.card}}`) as { language: string; headline: string }
          return { loc: urlOf(row), language, publishedAt: row.publishedAt, title: headline }
        })
        return answerOf(toNewsSitemap(site.name, entries))
      }),
  }
}
