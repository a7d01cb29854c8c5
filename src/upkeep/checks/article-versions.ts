import { and, eq, isNull, ne, or, sql } from 'drizzle-orm'
import { countedVersions, isGap } from '../counted.ts'
import { type Check, NAMED, RESTORE, wrong } from '../look.ts'

/** Versions are counted from 1 on without a gap, the text stands at one of them, and the row says its slug. */
export const articleVersions: Check = {
  kind: 'article-versions',
  says: 'articles have all their versions',
  advice: RESTORE,
  async *find({ read, tables: { articles, articleVersions } }) {
    const all = countedVersions(read, articleVersions, articleVersions.articleId, articleVersions.version)
    const gaps = read
      .select({ name: articles.id })
      .from(articles)
      .leftJoin(all, eq(all.owner, articles.id))
      .where(isGap(all, articles.version))
      .limit(NAMED + 1)
    yield* wrong(gaps, 'is an article that lacks versions, or has too many')
    const isText = and(eq(articleVersions.articleId, articles.id), eq(articleVersions.version, articles.contentVersion))
    const said = (name: string) => sql`coalesce(${articleVersions.content} ->> ${name}, '')`
    const other = read
      .select({ name: articles.id })
      .from(articles)
      .leftJoin(articleVersions, isText)
      .where(
        or(
          isNull(articleVersions.content),
          ne(articles.slug, said('slug')),
          ne(sql`coalesce(${articles.externalId}, '')`, said('externalId')),
        ),
      )
      .limit(NAMED + 1)
    yield* wrong(other, 'is an article without the text of its version, or with another slug or external id')
  },
}
