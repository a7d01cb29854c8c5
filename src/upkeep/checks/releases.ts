import { and, eq, gt, isNotNull, isNull, ne, or } from 'drizzle-orm'
import { type Check, NAMED, wrong } from '../look.ts'

/** What a release has planned and is still to come begins when the release does. */
export const releases: Check = {
  kind: 'release',
  says: 'what a release has planned comes with it',
  advice: 'Take the pieces back, and plan the release again.',
  async *find({ read, tables: { articles, headlineLists, releases }, latest }) {
    const isOther = (from: typeof articles.scheduledFrom | typeof headlineLists.scheduledFrom) =>
      and(gt(from, latest), or(ne(releases.state, 'scheduled'), isNull(releases.liveFrom), ne(releases.liveFrom, from)))
    const pieces = read
      .select({ name: articles.id })
      .from(articles)
      .innerJoin(releases, eq(releases.id, articles.releaseId))
      .where(and(isNotNull(articles.releaseId), isOther(articles.scheduledFrom)))
      .limit(NAMED + 1)
    yield* wrong(pieces, 'is an article that comes at another time than its release')
    const rails = read
      .select({ name: headlineLists.key })
      .from(headlineLists)
      .innerJoin(releases, eq(releases.id, headlineLists.releaseId))
      .where(isOther(headlineLists.scheduledFrom))
      .limit(NAMED + 1)
    yield* wrong(rails, 'is a rail that comes at another time than its release')
  },
}
