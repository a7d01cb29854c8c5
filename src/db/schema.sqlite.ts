import { columns } from './columns.sqlite.ts'
import { defineTables } from './tables.ts'

// For drizzle-kit, which reads the names that a module exports and says nothing about a table it is not shown.
export const {
  audit,
  keys,
  idempotencyKeys,
  articles,
  articleVersions,
  slugs,
  articleLocks,
  headlineLists,
  headlineListVersions,
  headlineLinks,
  listEditions,
  fronts,
  frontVersions,
  frontEditions,
  terms,
  termSlugs,
  taxonomy,
  editions,
  editionBodies,
  editionTerms,
  editionWords,
  vocabulary,
  instants,
  addresses,
  tombstones,
  releases,
  releaseItems,
  previews,
} = defineTables(columns)
