import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import type { RailService } from '../headlines/rails.ts'
import { FRONTS, frontTag } from '../shared/cache-tags.ts'
import { type Clock, FOREVER } from '../shared/clock.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import type { Place, VersionPlace } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Subject } from '../shared/write.ts'
import { renderFront } from './edition.ts'
import { changedIn, contentOf, refuseUnknown } from './rules.ts'
import {
  type EditorialFront,
  type FrontContent,
  type FrontCreate,
  FrontFields,
  type FrontPatch,
  type FrontVersion,
  type FrontVersionSummary,
  type PlacedRail,
} from './schema.ts'
import { type FrontRow, type FrontVersionRow, frontStore } from './store.ts'

// Owns the fronts: pages made of rails. A write is public at once. Leaves the rails to their own feature: one that is
// deleted stays on the page until somebody takes it away, and readers get the page without it.

interface Dependencies {
  db: Database
  clock: Clock
  rails: RailService
}

interface Front {
  front: FrontRow
  content: FrontContent
}

/** A front after a write, with the names of what it changed. */
export interface ChangedFront extends Front {
  changed: string[]
}

type Patch = z.output<typeof FrontPatch> | JsonPatch
type Action = 'create' | 'replace' | 'patch' | 'delete' | 'restore-version'

export type FrontService = ReturnType<typeof frontService>

export function frontService({ db, clock, rails }: Dependencies) {
  const { tables } = db

  const railsThere = (on: Db, placed: PlacedRail[]) =>
    rails.keysThereIn(
      on,
      placed.map(({ key }) => key),
    )

  async function find(on: Db, key: string): Promise<Front> {
    const found = await frontStore(on, tables).byKey(key)
    if (!found || found.front.isDeleted) throw new Problem('not-found', 'There is no such front.')
    return found
  }

  async function findVersion(on: Db, key: string, version: number): Promise<FrontVersionRow> {
    const found = await frontStore(on, tables).version(key, version)
    if (!found) throw new Problem('not-found', `The front has no version ${version}.`)
    return found
  }

  /** How each of these fronts shows itself at the desk. */
  async function viewIn(on: Db, fronts: Front[]): Promise<(front: Front) => EditorialFront> {
    const there = await railsThere(
      on,
      fronts.flatMap(({ content }) => content.rails),
    )
    return ({ front, content: { rails, ...own } }) => ({
      key: front.key,
      ...own,
      rails: rails.map((rail) => ({ ...rail, state: there.has(rail.key) ? 'ok' : 'missing' })),
      version: front.version,
      updatedAt: front.updatedAt,
      updatedBy: { id: front.updatedById, name: front.updatedByName },
    })
  }

  const showIn = async (on: Db, front: Front): Promise<EditorialFront> => (await viewIn(on, [front]))(front)

  /** Stores the version after `before` and what readers get of it; undefined if that is not what stands any more. */
  async function writeIn(
    tx: Db,
    caller: Caller,
    { key, action, before, content }: Next,
  ): Promise<ChangedFront | undefined> {
    const store = frontStore(tx, tables)
    const isDeleted = action === 'delete'
    const held = before?.front.isDeleted === false ? before.content : undefined
    const there = await railsThere(tx, [...(held?.rails ?? []), ...content.rails])
    // What the front held at an earlier version was answered for then.
    if (action !== 'restore-version') refuseUnknown(held?.rails ?? [], content.rails, there)
    const now = clock.now()
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    const front = { key, version: (before?.front.version ?? 0) + 1, isDeleted, ...by }
    if (!(await store.put(front))) return undefined
    const { version } = front
    const made = { createdAt: now, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({ key, version, action, content, ...made })
    const rendered = renderFront(content)
    const visible = await store.edition(key, now)
    const isSame = visible?.card === rendered.card && visible.rails === rendered.rails
    if (isDeleted || !isSame) await store.endEditions(key, now)
    const told = { subjectKind: 'front', subjectId: key }
    const payload = { tags: [frontTag(key), FRONTS] }
    if (isDeleted && visible) noteEvent(tx, { kind: 'front.deleted', ...told, payload })
    if (!isDeleted && !isSame) {
      // What readers cannot see (the place of a rail that they do not have) must not show in a new `updatedAt` either, nor be told.
      const keys = [...(held?.rails ?? []), ...content.rails].map((rail) => rail.key)
      const shown = await rails.keysShownIn(tx, keys)
      const seen = (placed: PlacedRail[] = []) => placed.filter((rail) => shown.has(rail.key))
      const isSeen = visible?.card !== rendered.card || !isDeepStrictEqual(seen(held?.rails), seen(content.rails))
      const updatedAt = isSeen ? now : visible.updatedAt
      const changed =
        visible && held && changedIn({ ...held, rails: seen(held.rails) }, { ...content, rails: seen(content.rails) })
      if (isSeen)
        noteEvent(tx, { kind: 'front.changed', ...told, payload: { ...payload, ...(changed && { changed }) } })
      await store.insertEdition({ key, version, ...rendered, liveFrom: now, liveUntil: FOREVER, updatedAt })
    }
    return { front, content, changed: isDeleted ? [] : changedIn(held, content) }
  }

  /** One write on a front that there is. Looks anew where another was first and the caller takes whichever version stands. */
  async function change(
    tx: Db,
    caller: Caller,
    key: string,
    versions: Versions,
    action: Action,
    make: (content: FrontContent) => FrontContent,
  ): Promise<ChangedFront> {
    for (;;) {
      const before = await find(tx, key)
      if (!isCurrent(before.front, versions)) throw await mismatch(tx, before, versions)
      const changed = await writeIn(tx, caller, { key, action, before, content: make(before.content) })
      if (changed) return changed
      if (versions !== 'any') throw await mismatch(tx, await find(tx, key), versions)
    }
  }

  /** The 412 that also says what has changed since the version that the caller has seen. */
  async function mismatch(tx: Db, { front, content }: Front, versions: Versions): Promise<Problem> {
    const seen = versions === 'any' ? [] : versions.filter((each) => each > 0 && each < front.version)
    const base = seen.length === 0 ? undefined : await findVersion(tx, front.key, Math.max(...seen))
    return versionMismatch(front, base && changedIn(base.content, content))
  }

  return {
    showIn,

    list: async (limit: number, place: Place | undefined): Promise<EditorialFront[]> => {
      const fronts = await frontStore(db.read, tables).list(limit, place)
      return fronts.map(await viewIn(db.read, fronts))
    },

    get: async (key: string): Promise<EditorialFront> => showIn(db.read, await find(db.read, key)),

    async createIn(tx: Db, caller: Caller, { key, rails: placed = [], ...fields }: z.output<typeof FrontCreate>) {
      const before = await frontStore(tx, tables).byKey(key)
      if (before && !before.front.isDeleted) throw exists()
      const content = contentOf({ ...fields, rails: placed })
      const made = await writeIn(tx, caller, { key, action: 'create', before, content })
      // Two callers who make the same front at once: the second finds the key taken.
      if (!made) throw exists()
      return made
    },

    replaceIn: (tx: Db, caller: Caller, key: string, versions: Versions, fields: FrontFields) =>
      change(tx, caller, key, versions, 'replace', () => contentOf(fields)),

    patchIn: (tx: Db, caller: Caller, key: string, versions: Versions, patch: Patch) =>
      change(tx, caller, key, versions, 'patch', (content) =>
        contentOf(
          checked(FrontFields, Array.isArray(patch) ? applyJsonPatch(content, patch) : { ...content, ...patch }),
        ),
      ),

    deleteIn: (tx: Db, caller: Caller, key: string, versions: Versions) =>
      change(tx, caller, key, versions, 'delete', (content) => content),

    /** Newest first; going back from a place, in the opposite order. */
    async versions(key: string, limit: number, place: VersionPlace | undefined): Promise<FrontVersionSummary[]> {
      await find(db.read, key)
      return (await frontStore(db.read, tables).versions(key, limit, place)).map(summaryOf)
    },

    async version(key: string, version: number): Promise<FrontVersion> {
      await find(db.read, key)
      const found = await findVersion(db.read, key, version)
      return { ...summaryOf(found), ...found.content }
    },

    /** Writes once more what the front was at a version. */
    async restoreIn(tx: Db, caller: Caller, key: string, versions: Versions, version: number): Promise<ChangedFront> {
      await find(tx, key)
      const { content } = await findVersion(tx, key, version)
      return change(tx, caller, key, versions, 'restore-version', () => content)
    },
  }
}

/** A version that is to be stored, and what stood there before, be it deleted. */
interface Next {
  key: string
  action: Action
  before: Front | undefined
  content: FrontContent
}

const exists = () => {
  const detail = 'A front with this key exists already.'
  return new Problem('already-exists', detail, { errors: [{ pointer: '#/key', code: 'taken', detail }] })
}

const summaryOf = ({ version, action, createdAt, createdById, createdByName }: Omit<FrontVersionRow, 'content'>) => ({
  version,
  action,
  createdAt,
  createdBy: { id: createdById, name: createdByName },
})

/** A front for the audit. */
export const subjectOf = ({ front, changed }: ChangedFront): Subject => ({
  kind: 'front',
  id: front.key,
  version: front.version,
  changed,
})
