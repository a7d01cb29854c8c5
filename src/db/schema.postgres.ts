import { columns } from './columns.postgres.ts'
import { defineTables } from './tables.ts'

// For drizzle-kit, which reads the names that a module exports and says nothing about a table it is not shown.
export const {
  keys,
  articles,
  articleVersions,
  slugs,
  headlineLists,
  headlineListVersions,
  headlineLinks,
  listEditions,
  editions,
  editionBodies,
  editionTerms,
  addresses,
} = defineTables(columns)
