import { addresses } from './checks/addresses.ts'
import { articleStanding } from './checks/article-standing.ts'
import { articleVersions } from './checks/article-versions.ts'
import { belonging } from './checks/belonging.ts'
import { editionCards } from './checks/edition-cards.ts'
import { editionTerms } from './checks/edition-terms.ts'
import { editionWords } from './checks/edition-words.ts'
import { frontEditions, frontVersions } from './checks/fronts.ts'
import { hiddenEditions } from './checks/hidden-editions.ts'
import { instants } from './checks/instants.ts'
import { json } from './checks/json.ts'
import { listEditions } from './checks/list-editions.ts'
import { listLinks } from './checks/list-links.ts'
import { listVersions } from './checks/list-versions.ts'
import { log } from './checks/log.ts'
import { overlapping } from './checks/overlapping.ts'
import { releases } from './checks/releases.ts'
import { searchable } from './checks/searchable.ts'
import { taxonomy } from './checks/taxonomy.ts'
import { termEntries } from './checks/term-entries.ts'
import { tombstones } from './checks/tombstones.ts'
import { editionVocabulary, vocabularyRows } from './checks/vocabulary.ts'
import type { Check, Fault, Look } from './look.ts'
import { nameOf, type SeenEdition } from './seen-editions.ts'
import type { SeenList } from './seen-lists.ts'

// All checks, a line each.

/** Those that ask for themselves, and read no text. */
export const checks: Check[] = [
  belonging,
  articleVersions,
  articleStanding,
  overlapping,
  tombstones,
  addresses,
  taxonomy,
  termEntries,
  hiddenEditions,
  searchable,
  vocabularyRows,
  instants,
  listVersions,
  frontVersions,
  frontEditions,
  releases,
  log,
]

/** Those that read everything. */
export const readingChecks: Check[] = [json]

/** What looks at things that are read once for all who look at them, some at a time. */
interface Watcher<Seen> extends Omit<Check, 'find'> {
  find: (look: Look, some: Seen[]) => AsyncIterable<Fault>
}

/** Those that look at lists, one by one. */
export const listChecks = (): Watcher<SeenList>[] =>
  [listLinks, listEditions].map((check) => eachOf(check, ({ list }: SeenList) => list.id))

/** Those that look at editions. */
export const editionChecks = (): Watcher<SeenEdition>[] => [
  ...[editionCards, editionTerms].map((check) => eachOf(check, ({ row }: SeenEdition) => nameOf(row))),
  editionWords,
  editionVocabulary(),
]

interface OneByOne<Seen> extends Omit<Check, 'find'> {
  faultOf: (seen: Seen, latest: string) => string | undefined
}

const eachOf = <Seen>({ faultOf, ...about }: OneByOne<Seen>, idOf: (seen: Seen) => string): Watcher<Seen> => ({
  ...about,
  async *find({ latest }, some) {
    for (const seen of some) {
      const what = faultOf(seen, latest)
      if (what !== undefined) yield { id: idOf(seen), what }
    }
  },
})
