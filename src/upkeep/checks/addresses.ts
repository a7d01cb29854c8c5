import { and, eq, gt, min, notExists, sql } from 'drizzle-orm'
import { type Check, NAMED, REPUBLISH, wrong } from '../look.ts'

export const addresses: Check = {
  kind: 'address',
  says: 'slugs and former addresses lead to what readers had there',
  advice: REPUBLISH,
  async *find({ read, tables: { articles, slugs, addresses, editions } }) {
    const isHeld = and(eq(slugs.slug, articles.slug), eq(slugs.articleId, articles.id))
    const held = read.select({ one: sql`1` }).from(slugs).where(isHeld)
    const slugless = read
      .select({ name: articles.id })
      .from(articles)
      .where(notExists(held))
      .limit(NAMED + 1)
    yield* wrong(slugless, 'is an article that does not hold its slug')
    const had = and(eq(editions.slug, addresses.slug), eq(editions.articleId, addresses.articleId))
    const unused = read
      .select({ name: addresses.slug })
      .from(addresses)
      .where(notExists(read.select({ one: sql`1` }).from(editions).where(had)))
      .limit(NAMED + 1)
    yield* wrong(unused, 'is an address at which readers never had anything')
    const first = read
      .select({ articleId: editions.articleId, slug: editions.slug, from: min(editions.liveFrom).as('from_first') })
      .from(editions)
      .groupBy(editions.articleId, editions.slug)
      .as('first_editions')
    const late = read
      .select({ name: addresses.slug })
      .from(addresses)
      .innerJoin(first, and(eq(first.slug, addresses.slug), eq(first.articleId, addresses.articleId)))
      .where(gt(addresses.since, sql`${first.from}`))
      .limit(NAMED + 1)
    yield* wrong(late, 'is an address that is known later than readers had it')
  },
}
