import { and, eq, gt, lt } from 'drizzle-orm'
import { type Check, joined, NAMED, wrong } from '../look.ts'

export const hiddenEditions: Check = {
  kind: 'hidden-edition',
  says: 'what readers have or will have is in the lists',
  advice: 'The server takes them back into the lists when it runs; where it does not, publish these articles again.',
  find: ({ read, tables: { editions }, latest }) => {
    const rows = read
      .select({ name: joined(editions.articleId, editions.edition) })
      .from(editions)
      .where(
        and(eq(editions.superseded, true), gt(editions.liveUntil, latest), lt(editions.liveFrom, editions.liveUntil)),
      )
      .limit(NAMED + 1)
    return wrong(rows, 'is an edition that is in no list and has not ended')
  },
}
