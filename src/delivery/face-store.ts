import { eq, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { PublishedTables } from '../db/tables.ts'
import { type Face, type Faces, facesOf, noFaces } from '../taxonomy/faces.ts'
import { faceWriter } from './faces.ts'
import type { EditionRow, LinkedRow } from './rows.ts'

/** What was read last of the taxonomy, for all that read. */
export interface FaceCache {
  faces: Faces
  write: ReturnType<typeof faceWriter>
}
export const faceCache = (): FaceCache => ({ faces: noFaces, write: faceWriter() })

/** The version of the taxonomy, to be read with every row: one look at one row. */
export const taxonomyVersion = ({ taxonomy }: Pick<PublishedTables, 'taxonomy'>) =>
  sql<number | null>`(select ${taxonomy.version} from ${taxonomy} where ${taxonomy.id} = 1)`

/** The part of the store that knows how sections, tags and authors are called now. */
export function faceStore(db: Db, tables: PublishedTables, cache: FaceCache) {
  const { terms, termSlugs, taxonomy } = tables

  /** At the version that was read, or a later one. */
  async function facesAt(version: number): Promise<Faces> {
    if (cache.faces.version >= version) return cache.faces
    const [now] = await db.select({ version: taxonomy.version }).from(taxonomy)
    const defined = await db
      .select({
        kind: terms.kind,
        key: terms.key,
        slug: terms.slug,
        name: terms.name,
        parentKey: terms.parentKey,
        details: terms.details,
      })
      .from(terms)
      .where(eq(terms.isDefined, true))
    const slugs = await db
      .select({ kind: termSlugs.kind, slug: termSlugs.slug, key: termSlugs.key })
      .from(termSlugs)
      .innerJoin(terms, sql`${terms.kind} = ${termSlugs.kind} and ${terms.key} = ${termSlugs.key}`)
      .where(eq(terms.isDefined, true))
    // What was read after the version may be newer than it, never older.
    cache.faces = facesOf(now?.version ?? 0, defined as Face[], slugs)
    return cache.faces
  }

  async function facesNow(): Promise<Faces> {
    const [now] = await db.select({ version: taxonomy.version }).from(taxonomy)
    return facesAt(now?.version ?? 0)
  }

  return {
    /** Rows as they are shown now. Each was read with the version of the taxonomy. */
    faced: async <Row extends (EditionRow | LinkedRow) & { taxonomy?: number | null }>(rows: Row[]): Promise<Row[]> => {
      const version = rows[0]?.taxonomy ?? 0
      if (version === 0) return rows
      const faces = await facesAt(version)
      return rows.map((row) => cache.write(row, faces))
    },

    /** The same for rows that come from elsewhere. */
    facedNow: async <Row extends EditionRow>(rows: Row[]): Promise<Row[]> => {
      const faces = await facesNow()
      return rows.map((row) => cache.write(row, faces))
    },

    /** How sections, tags and authors are called, as far as they are defined. */
    faces: facesNow,
  }
}
