import { and, eq, inArray } from 'drizzle-orm'
import type { Tables } from '../../db/tables.ts'
import { renderFront } from '../../fronts/edition.ts'
import type { FrontContent } from '../../fronts/schema.ts'
import { FOREVER } from '../../shared/clock.ts'
import { countedVersions, isGap } from '../counted.ts'
import { type Check, type Look, NAMED, pagesOf, parsed, RESTORE, raw, wrong } from '../look.ts'

export const frontVersions: Check = {
  kind: 'front-versions',
  says: 'fronts have all their versions',
  advice: RESTORE,
  find: ({ read, tables: { fronts, frontVersions } }) => {
    const all = countedVersions(read, frontVersions, frontVersions.key, frontVersions.version)
    const rows = read
      .select({ name: fronts.key })
      .from(fronts)
      .leftJoin(all, eq(all.owner, fronts.key))
      .where(isGap(all, fronts.version))
      .limit(NAMED + 1)
    return wrong(rows, 'is a front that lacks versions, or has too many')
  },
}

type Front = Tables['fronts']['$inferSelect']

export const frontEditions: Check = {
  kind: 'front-edition',
  says: 'readers have of fronts what the desk has written',
  advice: 'Write these fronts again.',
  async *find(look: Look) {
    const { fronts, frontVersions, frontEditions } = look.tables
    for await (const page of pagesOf(look, 'fronts', { key: ['key'], many: 50 })) {
      if (page.length === 0) continue
      const all = page as unknown as Front[]
      const keys = all.map(({ key }) => key)
      const isStanding = and(eq(fronts.key, frontVersions.key), eq(fronts.version, frontVersions.version))
      const contents = await look.read
        .select({ key: frontVersions.key, content: raw(frontVersions.content) })
        .from(frontVersions)
        .innerJoin(fronts, isStanding)
        .where(inArray(frontVersions.key, keys))
      const held = new Map(contents.map(({ key, content }) => [key, parsed(content) as FrontContent | undefined]))
      const open = await look.read
        .select()
        .from(frontEditions)
        .where(and(inArray(frontEditions.key, keys), eq(frontEditions.liveUntil, FOREVER)))
      for (const { key, isDeleted } of all) {
        const had = open.filter((each) => each.key === key)
        const content = held.get(key)
        const wanted = isDeleted || content === undefined ? undefined : renderFront(content)
        const isRight = isDeleted
          ? had.length === 0
          : had.length === 1 && had[0]?.card === wanted?.card && had[0]?.rails === wanted?.rails
        if (!isRight) yield { id: key, what: 'is a front of which readers have something else' }
      }
    }
  },
}
