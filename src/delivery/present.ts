import type { Clock } from '../shared/clock.ts'
import type { EditionRow } from './rows.ts'
import type { DeliveryStore } from './store.ts'

interface Dependencies {
  read: DeliveryStore
  clock: Clock
  urlOf: (row: Pick<EditionRow, 'slug' | 'articleId' | 'section'>) => string
}

/** What is public at this moment of articles that somebody else has named. */
export const presentFaces = ({ read, clock, urlOf }: Dependencies) => ({
  /** How these articles (100 ids at most) are called now; those that are not public are left out. */
  async facesNow(ids: string[]) {
    const question = { filters: { ids }, sort: '-publishedAt' as const, at: clock.now(), look: 'now' as const }
    const rows = await read.list(question, { forms: [], limit: ids.length, place: undefined })
    return new Map(
      rows.map((row) => {
        const { headline } = JSON.parse(`{${row.card}}`) as { headline: string }
        return [row.articleId, { edition: row.edition, slug: row.slug, headline, url: urlOf(row) }]
      }),
    )
  },
})
