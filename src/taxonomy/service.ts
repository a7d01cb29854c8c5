import type { Caller } from '../access/schema.ts'
import type { ArticleContent } from '../articles/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { TAXONOMY } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Subject } from '../shared/write.ts'
import { above, changedIn, detailsOf, refuseBadParent } from './rules.ts'
import type { EditorialTerm, TermName, TermReplace } from './schema.ts'
import { type TermRow, taxonomyStore } from './store.ts'

// Owns sections, tags and authors: how they are called, which section is in which, and under which slugs they are found.
// Promises that a slug once given leads to the same one for ever, and that no edition is touched by a new name.

interface Dependencies {
  db: Database
  clock: Clock
}

/** A term after a write, with the names of what it changed. */
export interface ChangedTerm {
  term: TermRow
  changed: string[]
}

/** What an article is found by, as keys; the section first, then those that it is in. */
export interface Registered {
  section: string[]
  tag: string[]
  author: string[]
}

export type TaxonomyService = ReturnType<typeof taxonomyService>

export function taxonomyService({ db, clock }: Dependencies) {
  const { tables } = db

  const missing = (kind: TermName) => new Problem('not-found', `There is no such ${kind}.`)

  async function find(on: Db, kind: TermName, slug: string): Promise<TermRow> {
    const found = await taxonomyStore(on, tables).bySlug(kind, slug)
    if (!found) throw missing(kind)
    return found
  }

  /** How these terms show themselves at the desk. */
  async function viewIn(on: Db, kind: TermName, rows: TermRow[]): Promise<EditorialTerm[]> {
    const store = taxonomyStore(on, tables)
    const keys = rows.map(({ key }) => key)
    const slugs = await store.slugsOf(kind, [...keys, ...rows.flatMap(({ parentKey }) => parentKey ?? [])])
    const articles = await store.counts(kind, keys, clock.now())
    const parents = new Map<string, string>()
    for (const { parentKey } of rows) {
      if (parentKey === null || parents.has(parentKey)) continue
      parents.set(parentKey, (await find(on, kind, parentKey)).slug)
    }
    return rows.map((row) => {
      const { details } = row
      const own = {
        slug: row.slug,
        formerSlugs: slugs.filter(({ key, slug }) => key === row.key && slug !== row.slug).map(({ slug }) => slug),
        name: row.name,
        description: details.description ?? null,
      }
      const standing = {
        isDefined: row.isDefined,
        articles: articles.get(row.key) ?? 0,
        version: row.version,
        updatedAt: row.updatedAt,
        updatedBy: row.version === 0 ? null : { id: row.updatedById, name: row.updatedByName },
      }
      if (kind === 'section') return { ...own, parent: parents.get(row.parentKey ?? '') ?? null, ...standing }
      if (kind === 'tag') return { ...own, uri: details.uri ?? null, ...standing }
      const { jobTitle = null, url = null, image = null, sameAs = [] } = details
      return { ...own, jobTitle, url, image, sameAs, ...standing }
    })
  }

  const showIn = async (on: Db, term: TermRow): Promise<EditorialTerm> => {
    const [shown] = await viewIn(on, term.kind, [term])
    if (!shown) throw missing(term.kind)
    return shown
  }

  /** What a term says now, in the form in which it is written. */
  async function fieldsIn(on: Db, { kind, name, details, parentKey }: TermRow): Promise<TermReplace> {
    const parent = parentKey === null ? undefined : (await find(on, kind, parentKey)).slug
    return { name, ...details, ...(parent !== undefined && { parent }) }
  }

  /** The key of the section that one is to be in; 422 where that cannot be. */
  async function parentIn(tx: Db, key: string, parent: string | null | undefined): Promise<string | null> {
    if (parent == null) return null
    const store = taxonomyStore(tx, tables)
    const found = await store.bySlug('section', parent)
    if (!found?.isDefined)
      throw invalidField('#/parent', 'unknown-section', 'Must be the slug of a section that is defined here.')
    refuseBadParent(key, found.key, await store.parents())
    return found.key
  }

  /** Stores what a term is from now on. */
  async function writeIn(
    tx: Db,
    caller: Caller,
    { kind, key, slug, fields, before }: Next,
  ): Promise<ChangedTerm | undefined> {
    const store = taxonomyStore(tx, tables)
    const term: TermRow = {
      kind,
      key,
      slug,
      name: fields.name,
      parentKey: kind === 'section' ? await parentIn(tx, key, fields.parent) : null,
      details: detailsOf(fields),
      isDefined: true,
      version: (before?.version ?? 0) + 1,
      updatedAt: clock.now(),
      updatedById: caller.id,
      updatedByName: caller.name,
    }
    if (!(await store.takeSlug(kind, slug, key))) {
      const detail = `This slug is or was that of another ${kind}.`
      throw new Problem('already-exists', detail, { errors: [{ pointer: '#/slug', code: 'taken', detail }] })
    }
    if (before === undefined) await store.insert(term)
    else if (!(await store.update(term))) return undefined
    if (before !== undefined) await store.renamed(kind, key)
    const parents = await store.parents()
    const was = before?.parentKey ? [before.parentKey, ...above(before.parentKey, parents)] : []
    const is = above(key, parents)
    await store.moveIn(key, {
      from: was.filter((each) => !is.includes(each)),
      to: is.filter((each) => !was.includes(each)),
    })
    const changed = changedIn(before, term)
    // What no visible article has is nobody's business.
    if ((await store.counts(kind, [key], term.updatedAt)).get(key)) {
      const former = before && before.slug !== slug ? { formerSlug: before.slug } : {}
      const payload = { slug, ...former, changed, tags: [TAXONOMY] }
      noteEvent(tx, { kind: 'taxonomy.changed', subjectKind: kind, subjectId: key, payload })
    }
    return { term, changed }
  }

  return {
    showIn,
    fieldsIn,

    /** A term under whichever of its slugs it was found; undefined where there is none. */
    lookForIn: (on: Db, kind: TermName, slug: string): Promise<TermRow | undefined> =>
      taxonomyStore(on, tables).bySlug(kind, slug),

    list: async (kind: TermName, limit: number, place: Place | undefined) => {
      const rows = await taxonomyStore(db.read, tables).list(kind, limit, place)
      const shown = await viewIn(db.read, kind, rows)
      return rows.map((row, n) => ({ slug: row.slug, shown: shown[n] as EditorialTerm }))
    },

    get: async (kind: TermName, slug: string): Promise<EditorialTerm> =>
      showIn(db.read, await find(db.read, kind, slug)),

    async createIn(tx: Db, caller: Caller, kind: TermName, slug: string, fields: TermReplace): Promise<ChangedTerm> {
      await taxonomyStore(tx, tables).advance()
      const present = await taxonomyStore(tx, tables).bySlug(kind, slug)
      if (present) throw exists(kind, present)
      if (fields.slug !== undefined && fields.slug !== slug)
        throw invalidField('#/slug', 'other-slug', `Must be that of the address, "${slug}", where it is made.`)
      const made = await writeIn(tx, caller, { kind, key: slug, slug, fields, before: undefined })
      if (!made) throw missing(kind)
      return made
    },

    /** Writes a term anew, under whichever of its slugs it was found; `slug` gives it another. */
    async replaceIn(
      tx: Db,
      caller: Caller,
      kind: TermName,
      slug: string,
      versions: Versions,
      fields: TermReplace,
    ): Promise<ChangedTerm> {
      await taxonomyStore(tx, tables).advance()
      const before = await find(tx, kind, slug)
      if (!isCurrent(before, versions)) throw versionMismatch(before)
      const next = { kind, key: before.key, slug: fields.slug ?? before.slug, fields, before }
      const written = await writeIn(tx, caller, next)
      if (!written) throw versionMismatch(await find(tx, kind, slug))
      return written
    },

    /** Changes some fields of a term, under whichever of its slugs it was found; `check` says whether the whole is right. */
    async patchIn(
      tx: Db,
      caller: Caller,
      kind: TermName,
      slug: string,
      versions: Versions,
      { fields, check }: { fields: Partial<TermReplace>; check: (whole: object) => TermReplace },
    ): Promise<ChangedTerm> {
      const store = taxonomyStore(tx, tables)
      await store.advance()
      const before = await find(tx, kind, slug)
      if (!isCurrent(before, versions)) throw versionMismatch(before)
      const { sameAs, ...rest } = { ...(await fieldsIn(tx, before)), ...fields }
      const whole = check({ ...rest, ...(sameAs != null && { sameAs }) })
      const written = await writeIn(tx, caller, {
        kind,
        key: before.key,
        slug: fields.slug ?? before.slug,
        fields: whole,
        before,
      })
      if (!written) throw versionMismatch(await find(tx, kind, slug))
      return written
    },

    /** Deletes what no article has, in no edition, and no section is in. Its slugs are free again. */
    async deleteIn(tx: Db, caller: Caller, kind: TermName, slug: string, versions: Versions): Promise<ChangedTerm> {
      const store = taxonomyStore(tx, tables)
      await store.advance()
      const term = await find(tx, kind, slug)
      if (!isCurrent(term, versions)) throw versionMismatch(term)
      if (await store.isInUse(kind, term.key)) {
        throw new Problem('in-use', `Articles have this ${kind}, or have had it, or sections are in it.`)
      }
      await store.remove(kind, term.key)
      return { term: { ...term, version: term.version + 1, updatedByName: caller.name }, changed: [] }
    },

    /**
     * Takes up the section, tags and authors of what is about to be published, and answers their keys. Until the
     * transaction ends nobody renames or moves any of them, so that who publishes many in it may let them be remembered in `met`.
     */
    async registerIn(
      tx: Db,
      { section, tags, authors }: Pick<ArticleContent, 'section' | 'tags' | 'authors'>,
      met: TermsMet = new Map(),
    ) {
      const store = taxonomyStore(tx, tables)
      await store.holdShared()
      const now = clock.now()
      const named = {
        section: section === null ? [] : [section],
        tag: tags,
        author: authors,
      }
      const keys: Registered = { section: [], tag: [], author: [] }
      for (const kind of ['section', 'tag', 'author'] as const) {
        const faces = named[kind].map(({ slug = '', name }) => ({ slug, name }))
        const slugs = faces.map(({ slug }) => slug)
        const known = met.get(kind) ?? new Map<string, string>()
        met.set(kind, known)
        const asked = slugs.filter((slug) => !known.has(slug))
        for (const [slug, key] of await store.keysOf(kind, asked)) known.set(slug, key)
        // In one order for all, so that two who take up the same ones do not wait for each other.
        for (const { slug, name } of faces.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))) {
          if (known.has(slug)) continue
          const by = { updatedAt: now, updatedById: '', updatedByName: '' }
          const rest = { parentKey: null, details: {}, isDefined: false, version: 0, ...by }
          known.set(slug, await store.insertFound({ kind, key: slug, slug, name, ...rest }))
        }
        keys[kind] = [...new Set(slugs.map((slug) => known.get(slug) ?? slug))]
      }
      const [own] = keys.section
      if (own !== undefined) keys.section = [own, ...above(own, await store.parents())]
      return keys
    },
  }
}

/** The keys of slugs that were met in one transaction, by the kind of their terms. */
export type TermsMet = Map<TermName, Map<string, string>>

/** A write on a term: what it was before, if anything. */
interface Next {
  kind: TermName
  key: string
  slug: string
  fields: TermReplace
  before: TermRow | undefined
}

const exists = (kind: TermName, { slug }: TermRow) => {
  const detail = `There is a ${kind} under this slug already: "${slug}".`
  return new Problem('already-exists', detail, { errors: [{ pointer: 'slug', code: 'taken', detail }] })
}

/** A term for the audit. */
export const subjectOf = ({ term, changed }: ChangedTerm): Subject => ({
  kind: term.kind,
  id: term.key,
  version: term.version,
  changed,
})
