import { and, eq, inArray, isNotNull, or } from 'drizzle-orm'
import type { ArticleContent } from '../articles/schema.ts'
import type { Tables } from '../db/tables.ts'
import { wordsOf } from '../publishing/words.ts'
import type { TermKind } from '../shared/filters.ts'
import type { Words } from '../shared/words.ts'
import { type Face, type Faces, facesOf, noFaces, shownCard } from '../taxonomy/faces.ts'
import type { TermName } from '../taxonomy/schema.ts'
import { type Look, pagesOf, parsed, raw } from './look.ts'

type Row = Omit<Tables['editions']['$inferSelect'], 'corrections'> & { corrections: unknown }
type Body = Pick<Tables['editionBodies']['$inferSelect'], 'html' | 'blocks' | 'markdown' | 'text'>

/** An edition with what it was made of, and what is made of it. */
export interface SeenEdition {
  row: Row
  /** What the article said at the version that it is of; undefined where that cannot be read. */
  content: ArticleContent | undefined
  body: Body | undefined
  terms: { kind: TermKind; slug: string }[]
  words: { place: number; isListed: boolean }[]
  /** The key of a term by any slug that it has or had. */
  keyOf: (kind: TermName, slug: string) => string
  /** The sections that one is in, the nearest first. */
  above: (key: string) => string[]
  /** How the terms of these editions are called now, as far as the desk has defined them. */
  faces: Faces
}

/** Each has its text in five forms, of up to a million characters. */
const MANY = 50

/** All editions, some at a time. */
export async function* seenEditions(look: Look): AsyncGenerator<SeenEdition[]> {
  const above = await sectionsAbove(look)
  for await (const page of pagesOf(look, 'editions', { key: ['articleId', 'edition'], many: MANY })) {
    const rows = page as unknown as Row[]
    if (rows.length > 0) yield await seen(look, rows, above)
  }
}

async function seen({ read, tables }: Look, rows: Row[], above: SeenEdition['above']): Promise<SeenEdition[]> {
  const { articleVersions, editionBodies, editionTerms, editionWords } = tables
  const bodies = await read
    .select()
    .from(editionBodies)
    .where(or(...rows.map((each) => isEdition(editionBodies, each))))
  const isText = ({ articleId, contentVersion }: Row) =>
    and(eq(articleVersions.articleId, articleId), eq(articleVersions.version, contentVersion))
  const { articleId, version } = articleVersions
  const contents = await read
    .select({ articleId, version, content: raw(articleVersions.content) })
    .from(articleVersions)
    .where(or(...rows.map(isText)))
  const terms = await read
    .select({
      articleId: editionTerms.articleId,
      edition: editionTerms.edition,
      kind: editionTerms.kind,
      slug: editionTerms.slug,
    })
    .from(editionTerms)
    .where(or(...rows.map((each) => isEdition(editionTerms, each))))
  const { place, isListed } = editionWords
  const words = await read
    .select({ articleId: editionWords.articleId, edition: editionWords.edition, place, isListed })
    .from(editionWords)
    .where(or(...rows.map((each) => isEdition(editionWords, each))))
  const texts = new Map(contents.map((each) => [`${each.articleId} ${each.version}`, parsed(each.content)]))
  const all = [...texts.values()].filter((each) => each !== undefined && each !== null) as ArticleContent[]
  const { keyOf, faces } = await namesOf({ read, tables }, all)
  const [body, listed, searched] = [Map.groupBy(bodies, nameOf), Map.groupBy(terms, nameOf), Map.groupBy(words, nameOf)]
  return rows.map((row) => ({
    row,
    content: (texts.get(`${row.articleId} ${row.contentVersion}`) ?? undefined) as ArticleContent | undefined,
    body: body.get(nameOf(row))?.[0],
    terms: listed.get(nameOf(row)) ?? [],
    words: searched.get(nameOf(row)) ?? [],
    keyOf,
    above,
    faces,
  }))
}

interface EditionName {
  articleId: string
  edition: number
}
export const nameOf = ({ articleId, edition }: EditionName): string => `${articleId} ${edition}`
const isEdition = (
  table: Tables['editionBodies'] | Tables['editionTerms'] | Tables['editionWords'],
  { articleId, edition }: EditionName,
) => and(eq(table.articleId, articleId), eq(table.edition, edition))

/** The keys and the present names of all terms of these texts. */
async function namesOf({ read, tables }: Pick<Look, 'read' | 'tables'>, all: ArticleContent[]) {
  const { terms, termSlugs } = tables
  const slugs = [...new Set(all.flatMap(slugsIn))]
  if (slugs.length === 0) return { keyOf: (_: TermName, slug: string) => slug, faces: noFaces }
  const known = await read.select().from(termSlugs).where(inArray(termSlugs.slug, slugs))
  const keys = new Map(known.map(({ kind, slug, key }) => [`${kind} ${slug}`, key]))
  const own = [...new Set(known.map(({ key }) => key))]
  const { kind, key, slug, name, parentKey } = terms
  const defined =
    own.length === 0
      ? []
      : await read
          .select({ kind, key, slug, name, parentKey })
          .from(terms)
          .where(and(inArray(key, own), eq(terms.isDefined, true)))
  const named: Face[] = defined.map((each) => ({ ...each, details: {} }))
  const others = own.length === 0 ? [] : await read.select().from(termSlugs).where(inArray(termSlugs.key, own))
  return {
    keyOf: (kind: TermName, slug: string) => keys.get(`${kind} ${slug}`) ?? slug,
    faces: named.length === 0 ? noFaces : facesOf(1, named, others),
  }
}

const slugsIn = ({ section, tags, authors }: ArticleContent): string[] =>
  [...(section ? [section] : []), ...(tags ?? []), ...(authors ?? [])].map(({ slug }) => slug)

/** Which sections a section is in. */
async function sectionsAbove({ read, tables: { terms } }: Look): Promise<SeenEdition['above']> {
  const inside = await read
    .select({ key: terms.key, parent: terms.parentKey })
    .from(terms)
    .where(and(eq(terms.kind, 'section'), isNotNull(terms.parentKey)))
  const parents = new Map(inside.map(({ key, parent }) => [key, parent]))
  return (key) => {
    const found: string[] = []
    for (let at = parents.get(key); at && !found.includes(at); at = parents.get(at)) found.push(at)
    return found
  }
}

interface WordsMade {
  all: Words[]
  /** Whether the desk calls one of its terms otherwise now; then it may be searched by either name. */
  isRenamed: boolean
}

const made = new WeakMap<SeenEdition, WordsMade>()

/** The words that an edition may be searched by, cut once for all who ask; undefined where it cannot be read. */
export function wordsMade(edition: SeenEdition): WordsMade | undefined {
  const { row, body, faces } = edition
  const known = made.get(edition)
  if (known) return known
  if (body === undefined || parsed(`{${row.card}}`) === undefined || typeof parsed(body.text) !== 'string')
    return undefined
  const { text } = body
  const shown = shownCard(row.card, faces)
  const cards = [row.card, ...(shown ? [shown.card] : [])]
  const words = { all: cards.map((card) => wordsOf({ card, text })), isRenamed: shown !== undefined }
  made.set(edition, words)
  return words
}
