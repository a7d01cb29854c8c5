import { termsOf } from '../../publishing/edition.ts'
import { REPUBLISH } from '../look.ts'
import type { SeenEdition } from '../seen-editions.ts'

/** What an edition is found by in lists, against what it says. */
export const editionTerms = {
  kind: 'edition-terms',
  says: 'editions are found by their sections, tags, authors and language, and by no other',
  advice: REPUBLISH,
  faultOf({ row, content, terms, keyOf, above }: SeenEdition): string | undefined {
    if (content === undefined) return undefined
    const section = content.section === null ? [] : [keyOf('section', content.section.slug)]
    const keysOf = (kind: 'tag' | 'author', all: { slug: string }[]) => [
      ...new Set(all.map(({ slug }) => keyOf(kind, slug))),
    ]
    const keys = {
      section: [...section, ...section.flatMap(above)],
      tag: keysOf('tag', content.tags),
      author: keysOf('author', content.authors),
    }
    if (row.section !== (section[0] ?? '')) return 'is an edition in another section than its text says'
    const named = ({ kind, slug }: { kind: string; slug: string }) => `${kind} ${slug}`
    const wanted = termsOf(keys, content.language).map(named).sort().join()
    return terms.map(named).sort().join() === wanted
      ? undefined
      : 'is an edition that is in other lists than it should be'
  },
}
