import { accessTables } from '../access/tables.ts'
import { articleTables } from '../articles/tables.ts'
import { auditTables } from '../audit/tables.ts'
import { eventTables } from '../events/tables.ts'
import { frontTables } from '../fronts/tables.ts'
import { headlineTables } from '../headlines/tables.ts'
import { importingTables } from '../importing/tables.ts'
import { leaseTables } from '../leases/tables.ts'
import { previewTables } from '../previews/tables.ts'
import { publishingTables } from '../publishing/tables.ts'
import { releaseTables } from '../releases/tables.ts'
import { taxonomyTables } from '../taxonomy/tables.ts'
import { webhookTables } from '../webhooks/tables.ts'
import { writingTables } from '../writing/tables.ts'
import type { Columns } from './columns.postgres.ts'

/** Every feature's tables, in the order in which they depend on each other. */
export const defineTables = (c: Columns) => ({
  ...auditTables(c),
  ...accessTables(c),
  ...eventTables(c),
  ...leaseTables(c),
  ...writingTables(c),
  ...articleTables(c),
  ...headlineTables(c),
  ...frontTables(c),
  ...taxonomyTables(c),
  ...publishingTables(c),
  ...releaseTables(c),
  ...previewTables(c),
  ...importingTables(c),
  ...webhookTables(c),
})

export type Tables = ReturnType<typeof defineTables>

/** What delivery may read. It is handed these and no other, so a draft cannot be named there, let alone leak. */
export type PublishedTables = Pick<
  Tables,
  | 'editions'
  | 'editionBodies'
  | 'editionTerms'
  | 'editionWords'
  | 'vocabulary'
  | 'instants'
  | 'terms'
  | 'termSlugs'
  | 'taxonomy'
  | 'addresses'
  | 'formerPaths'
  | 'listEditions'
  | 'frontEditions'
  | 'tombstones'
>

export const publishedTables = (tables: Tables): PublishedTables => ({
  editions: tables.editions,
  editionBodies: tables.editionBodies,
  editionTerms: tables.editionTerms,
  editionWords: tables.editionWords,
  vocabulary: tables.vocabulary,
  instants: tables.instants,
  terms: tables.terms,
  termSlugs: tables.termSlugs,
  taxonomy: tables.taxonomy,
  addresses: tables.addresses,
  formerPaths: tables.formerPaths,
  listEditions: tables.listEditions,
  frontEditions: tables.frontEditions,
  tombstones: tables.tombstones,
})
