import { createHash } from 'node:crypto'
import type { TermDetails, TermName } from './schema.ts'

// How sections, tags and authors show on what was published under other names: editions are never changed, so what the
// desk has defined since is put into their cards when these are read.

/** A term as the desk has defined it. */
export interface Face {
  kind: TermName
  key: string
  slug: string
  name: string
  parentKey: string | null
  details: TermDetails
}

/** All that is defined, at one version of the taxonomy. */
export interface Faces {
  version: number
  /** By any slug that it has or had. */
  bySlug: (kind: Face['kind'], slug: string) => Face | undefined
  byKey: (kind: Face['kind'], key: string) => Face | undefined
}

export function facesOf(version: number, terms: Face[], slugs: Pick<Face, 'kind' | 'slug' | 'key'>[]): Faces {
  const byKey = new Map(terms.map((face) => [`${face.kind} ${face.key}`, face]))
  const bySlug = new Map(slugs.map(({ kind, slug, key }) => [`${kind} ${slug}`, byKey.get(`${kind} ${key}`)]))
  return {
    version,
    bySlug: (kind, slug) => bySlug.get(`${kind} ${slug}`),
    byKey: (kind, key) => byKey.get(`${kind} ${key}`),
  }
}

export const noFaces: Faces = { version: 0, bySlug: () => undefined, byKey: () => undefined }

interface Named {
  slug: string
  name: string
}
interface Card {
  language: string
  byline: string | null
  authors: (Named & { url?: string })[]
  section: Named | null
  tags: (Named & { uri?: string })[]
}

const listed = (language: string, authors: Named[]): string =>
  new Intl.ListFormat(language).format(authors.map(({ name }) => name))

/** Each once: two former slugs of one term have become one. */
const once = <Each extends Named>(all: Each[]): Each[] =>
  all.filter(({ slug }, at) => all.findIndex((each) => each.slug === slug) === at)

/** An edition's card as it is shown now; undefined where it is shown as it was published. */
export function shownCard(text: string, faces: Faces): { card: string; face: string } | undefined {
  const card = JSON.parse(`{${text}}`) as Card
  const named = <Each extends Named>(kind: Face['kind'], each: Each): { now: Each; face: Face | undefined } => {
    const face = faces.bySlug(kind, each.slug)
    return { now: face ? { ...each, slug: face.slug, name: face.name } : each, face }
  }
  const section = card.section && named('section', card.section).now
  const tags = once(
    card.tags.map((tag) => {
      const { now, face } = named('tag', tag)
      return face?.details.uri ? { ...now, uri: face.details.uri } : now
    }),
  )
  const authors = once(
    card.authors.map((author) => {
      const { now, face } = named('author', author)
      return face?.details.url ? { ...now, url: face.details.url } : now
    }),
  )
  const isMade = card.authors.length > 0 && card.byline === listed(card.language, card.authors)
  const byline = isMade ? listed(card.language, authors) : card.byline
  const shown = JSON.stringify({ ...card, byline, authors, section, tags }).slice(1, -1)
  if (shown === text) return undefined
  const face = JSON.stringify([byline, authors, section, tags])
  return { card: shown, face: createHash('sha256').update(face).digest('base64url').slice(0, 8) }
}
