import { and, eq, isNotNull } from 'drizzle-orm'
import { type Check, RESTORE } from '../look.ts'

/** The one row that who publishes holds, and sections that are not in themselves. */
export const taxonomy: Check = {
  kind: 'taxonomy',
  says: 'sections are in one another without a circle, and their number is there',
  advice: RESTORE,
  async *find({ read, tables: { taxonomy, terms } }) {
    const rows = await read.select().from(taxonomy)
    if (rows.length !== 1 || rows[0]?.id !== 1) yield { id: 'taxonomy', what: `has ${rows.length} rows, and needs one` }
    const inside = await read
      .select({ key: terms.key, parent: terms.parentKey })
      .from(terms)
      .where(and(eq(terms.kind, 'section'), isNotNull(terms.parentKey)))
    const parents = new Map(inside.map(({ key, parent }) => [key, parent]))
    for (const key of parents.keys()) {
      const above = new Set<string>()
      for (let at: string | null | undefined = key; at; at = parents.get(at)) {
        if (above.has(at)) {
          yield { id: key, what: 'is a section that is in a circle of sections' }
          break
        }
        above.add(at)
      }
    }
  },
}
