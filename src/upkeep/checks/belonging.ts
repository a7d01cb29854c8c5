import { and, eq, isNotNull, lt, ne, notExists, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { columnsOf, type TableName, tableOf } from '../../db/pages.ts'
import type { Tables } from '../../db/tables.ts'
import { type Check, joined, NAMED, RESTORE, wrong } from '../look.ts'

/** Rows of the first table need one of the second under the same values; some of them only where a condition holds. */
type Belongs = [
  child: TableName,
  parent: TableName,
  pairs: Record<string, string>,
  which?: (tables: Tables) => SQL | undefined,
]

const edition = { articleId: 'articleId', edition: 'edition' }
const belongs: Belongs[] = [
  ['articleVersions', 'articles', { articleId: 'id' }],
  ['slugs', 'articles', { articleId: 'id' }],
  ['articleLocks', 'articles', { articleId: 'id' }],
  ['editions', 'articles', { articleId: 'id' }],
  ['editions', 'articleVersions', { articleId: 'articleId', contentVersion: 'version' }],
  ['editions', 'editionBodies', edition],
  [
    'editions',
    'addresses',
    { articleId: 'articleId', slug: 'slug' },
    (t) => lt(t.editions.liveFrom, t.editions.liveUntil),
  ],
  ['addresses', 'articles', { articleId: 'id' }],
  ['addresses', 'slugs', { articleId: 'articleId', slug: 'slug' }],
  ['formerPaths', 'articles', { articleId: 'id' }],
  ['editionBodies', 'editions', edition],
  ['editionTerms', 'editions', edition],
  ['editionTerms', 'terms', { kind: 'kind', slug: 'key' }, (t) => ne(t.editionTerms.kind, 'language')],
  ['editionWords', 'editions', edition],
  ['vocabulary', 'articles', { articleId: 'id' }],
  ['headlineLists', 'articles', { id: 'id' }, (t) => eq(t.headlineLists.kind, 'article')],
  ['headlineLists', 'releases', { releaseId: 'id' }, (t) => isNotNull(t.headlineLists.releaseId)],
  ['headlineLinks', 'headlineLists', { listId: 'id' }],
  ['listWindows', 'listEditions', { listId: 'listId' }],
  ['listEditions', 'headlineListVersions', { listId: 'listId', version: 'version' }],
  ['termSlugs', 'terms', { kind: 'kind', key: 'key' }],
  ['terms', 'termSlugs', { kind: 'kind', key: 'key', slug: 'slug' }],
  ['terms', 'terms', { kind: 'kind', parentKey: 'key' }, (t) => isNotNull(t.terms.parentKey)],
  ['frontVersions', 'fronts', { key: 'key' }],
  ['frontEditions', 'frontVersions', { key: 'key', version: 'version' }],
  ['articles', 'releases', { releaseId: 'id' }, (t) => isNotNull(t.articles.releaseId)],
  ['releaseItems', 'releases', { releaseId: 'id' }],
  ['releaseItems', 'articles', { subject: 'id' }, (t) => eq(t.releaseItems.kind, 'article')],
  ['previews', 'articles', { subject: 'id' }, (t) => eq(t.previews.kind, 'article')],
  ['importRecords', 'importJobs', { jobId: 'id' }],
  ['webhookDeliveries', 'webhooks', { webhookId: 'id' }],
  ['webhookAttempts', 'webhookDeliveries', { deliveryId: 'id' }],
]

export const belonging: Check = {
  kind: 'orphan-row',
  says: 'every row belongs to something',
  advice: RESTORE,
  async *find({ read, tables }) {
    for (const [child, parent, pairs, which] of belongs) {
      const from = columnsOf(tables, child)
      const named = Object.keys(pairs).map((own) => from[own] as PgColumn)
      // By name: a table may belong to itself.
      const to = (column: string) => sql`parent.${sql.identifier(columnsOf(tables, parent)[column]?.name ?? '')}`
      const isIts = and(...Object.entries(pairs).map(([own, its]) => sql`${to(its)} = ${from[own]}`))
      const parents = read
        .select({ one: sql`1` })
        .from(sql`${tableOf(tables, parent)} as parent`)
        .where(isIts)
      const rows = read
        .select({ name: joined(...named) })
        .from(tableOf(tables, child))
        .where(and(which?.(tables), notExists(parents)))
        .limit(NAMED + 1)
      yield* wrong(rows, `is of ${child} and has nothing in ${parent}`)
    }
  },
}
