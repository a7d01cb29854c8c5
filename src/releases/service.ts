import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Followed } from '../shared/write.ts'
import { type Ahead, type Early, type PieceServices, releasePieces } from './pieces.ts'
import {
  hasChanged,
  type Patch,
  type Piece,
  patched,
  railsFirst,
  refuseChanged,
  refuseCome,
  refusePast,
  refuseReleased,
  refuseUnfit,
  stateOf,
} from './rules.ts'
import {
  PIECES_MAX,
  type PieceWrite,
  type Release,
  type ReleaseSchedule,
  type ReleaseState,
  type ReleaseSummary,
  type ScheduleEntry,
} from './schema.ts'
import { type ChangedRelease, orderOf, shown, summaryOf } from './shown.ts'
import { type PieceRow, type ReleaseRow, releaseStore } from './store.ts'

// Owns releases: articles and rails that change at one instant. Promises that readers see all of a release or nothing of
// it, and that no piece goes out that is not what was looked at. Leaves the pieces themselves to their own features.

interface Dependencies extends PieceServices {
  db: Database
  clock: Clock
  ids: Ids
}

export type ReleaseService = ReturnType<typeof releaseService>

export function releaseService({ db, clock, ids, articles, rails, publishing }: Dependencies) {
  const { tables } = db
  const parts = releasePieces({ articles, rails, publishing })
  const inRelease = (_piece: Piece, at: number): string => `#/items/${at}`

  /** The release as it stands at one of `versions`, held until the transaction ends. */
  async function heldIn(tx: Db, id: string, versions: Versions): Promise<ReleaseRow> {
    const release = await releaseStore(tx, tables).hold(id)
    if (!release) throw notFound()
    if (!isCurrent(release, versions)) throw versionMismatch(release)
    return release
  }

  /** Stores the next version of a held release, and answers it with its pieces. */
  async function advanceIn(
    tx: Db,
    caller: Caller,
    held: ReleaseRow,
    changed: string[],
    changes: Partial<ReleaseRow> = {},
  ): Promise<ChangedRelease> {
    const store = releaseStore(tx, tables)
    const by = { updatedAt: clock.now(), updatedById: caller.id, updatedByName: caller.name }
    const release = await store.update(held.id, held.version, { ...changes, ...by })
    if (!release) throw versionMismatch(held)
    return { release, pieces: await parts.standingIn(tx, caller, await store.pieces(held.id)), changed }
  }

  /** What a release has planned must not come while it is changed: then it would come as it was. */
  const refuseLate = (release: ReleaseRow, verb: string): void => refuseReleased(release, clock.now(), verb)

  /** Adds a piece as it stands; a release that is scheduled already plans it for the same instant. */
  async function addPieceIn(
    tx: Db,
    caller: Caller,
    release: ReleaseRow,
    write: PieceWrite,
    early: Early,
    pointer: string,
  ): Promise<void> {
    const store = releaseStore(tx, tables)
    const { kind, subject } = nameOf(write)
    const present = await store.pieces(release.id)
    if (present.some((each) => each.kind === kind && each.subject === subject)) {
      const detail = `The ${kind} ${subject} is in the release already.`
      throw new Problem('already-exists', detail, { errors: [{ pointer, code: 'duplicate', detail }] })
    }
    if (present.length >= PIECES_MAX) {
      throw invalidField(pointer, 'too-big', `The release is full: it has ${PIECES_MAX} pieces, which is the most.`)
    }
    const position = (present.at(-1)?.position ?? -1) + 1
    const row: PieceRow = {
      releaseId: release.id,
      kind,
      subject,
      version: write.version ?? 0,
      plan: write.kind === 'rail' ? { ...(write.items && { items: write.items }) } : null,
      position,
    }
    await parts.holdIn(tx, [row])
    const [found] = await parts.standingIn(tx, caller, [row])
    if (!found?.present) {
      const name = kind === 'article' ? 'id' : 'key'
      throw invalidField(`${pointer}/${name}`, `unknown-${kind}`, `There is no ${kind} with this ${name}.`)
    }
    const piece = { ...found, version: write.version ?? found.present.version }
    // Two releases may hold a piece while they are open; only one of them can have it scheduled.
    const asked = release.state === 'scheduled' ? release.id : (found.present.releaseId ?? release.id)
    refuseUnfit([piece], asked, () => pointer)
    refuseChanged([piece], 'open', () => `${pointer}/version`)
    await parts.checkIn(tx, caller, piece, pointer)
    const at = release.state === 'scheduled' ? release.liveFrom : null
    const coming = at === null ? undefined : { releaseId: release.id, at, isNow: false }
    const version = coming ? (await parts.planIn(tx, caller, piece, coming, early, pointer)).version : piece.version
    await store.addPiece({ ...row, version })
  }

  /** Takes back what is planned for these pieces, and what was looked at stays what was looked at. */
  async function unplanIn(
    tx: Db,
    caller: Caller,
    { id, state }: ReleaseRow,
    pieces: Piece[],
    note?: string,
  ): Promise<void> {
    const store = releaseStore(tx, tables)
    for (const piece of pieces) {
      if (piece.present?.releaseId !== id) {
        refuseCome(state, piece)
        continue
      }
      const version = await parts.unplanIn(tx, caller, piece, id, note)
      if (version !== undefined && !hasChanged(piece, 'scheduled'))
        await store.setPieceVersion({ ...piece, releaseId: id }, version)
    }
  }

  const show = ({ release, pieces }: Omit<ChangedRelease, 'changed'>): Release => shown(release, pieces, clock.now())

  return {
    show,

    list: (state: ReleaseState | undefined, limit: number, place: Place | undefined): Promise<ReleaseSummary[]> =>
      db.snapshot(async (read) => {
        const store = releaseStore(read, tables)
        const now = clock.now()
        const rows = await store.list(state, limit, place, now)
        const counted = await store.counts(rows.map(({ id }) => id))
        const counts = new Map(counted.map(({ releaseId, count }) => [releaseId, count]))
        return rows.map((row) => summaryOf(row, stateOf(row, now), counts.get(row.id) ?? 0))
      }),

    get: (caller: Caller, id: string): Promise<Release> =>
      db.snapshot(async (read) => {
        const store = releaseStore(read, tables)
        const release = await store.byId(id)
        if (!release) throw notFound()
        return show({ release, pieces: await parts.standingIn(read, caller, await store.pieces(id)) })
      }),

    async createIn(tx: Db, caller: Caller, { title, items = [] }: { title: string; items?: PieceWrite[] | undefined }) {
      const now = clock.now()
      const release: ReleaseRow = {
        id: ids(),
        title,
        version: 0,
        state: 'open',
        liveFrom: null,
        createdAt: now,
        createdById: caller.id,
        createdByName: caller.name,
        updatedAt: now,
        updatedById: caller.id,
        updatedByName: caller.name,
      }
      await releaseStore(tx, tables).insert(release)
      // All of them before the first is looked at, in the one order.
      await parts.holdIn(tx, items.map(nameOf))
      for (const [at, write] of items.entries())
        await addPieceIn(tx, caller, release, write, new Map(), `#/items/${at}`)
      return advanceIn(tx, caller, release, [])
    },

    async renameIn(tx: Db, caller: Caller, id: string, versions: Versions, patch: Patch) {
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'rename')
      const { title } = patched(held, patch)
      return advanceIn(tx, caller, held, title === held.title ? [] : ['title'], { title })
    },

    async deleteIn(tx: Db, id: string, versions: Versions): Promise<void> {
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'delete')
      if (held.state === 'scheduled') {
        throw new Problem('invalid-transition', `The release is scheduled for ${held.liveFrom}. Cancel it first.`)
      }
      await releaseStore(tx, tables).remove(id)
    },

    async addIn(tx: Db, caller: Caller, id: string, versions: Versions, write: PieceWrite, early: Early) {
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'change')
      await addPieceIn(tx, caller, held, write, early, '#')
      refuseLate(held, 'change')
      return advanceIn(tx, caller, held, ['items'])
    },

    /** Takes a piece out; what a scheduled release has planned for it is taken back. */
    async removeIn(tx: Db, caller: Caller, id: string, versions: Versions, named: { kind: string; subject: string }) {
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'change')
      const store = releaseStore(tx, tables)
      const row = (await store.pieces(id)).find(({ kind, subject }) => kind === named.kind && subject === named.subject)
      if (!row) throw new Problem('not-found', 'There is no such piece in the release.')
      await parts.holdIn(tx, [row])
      await unplanIn(tx, caller, held, await parts.standingIn(tx, caller, [row]))
      await store.removePiece(row)
      refuseLate(held, 'change')
      return advanceIn(tx, caller, held, ['items'])
    },

    /** The bodies of the articles of a release, rendered before the transaction that will publish them. */
    renderEarly: async (caller: Caller, id: string, ahead: Ahead): Promise<Early> =>
      parts.renderEarly(caller, await releaseStore(db.read, tables).pieces(id), ahead),

    /** The body of the article that is to be added, if the release is scheduled and publishes it at once. */
    async renderPieceEarly(caller: Caller, id: string, write: PieceWrite, ahead: Ahead): Promise<Early> {
      const release = write.kind === 'article' ? await releaseStore(db.read, tables).byId(id) : undefined
      if (write.kind !== 'article' || release?.state !== 'scheduled') return new Map()
      return parts.renderEarly(caller, [{ kind: 'article', subject: write.id }], ahead)
    },

    /** Plans all pieces for one instant, or moves them to another one; without one that is now. */
    async scheduleIn(tx: Db, caller: Caller, id: string, versions: Versions, asked: ReleaseSchedule, early: Early) {
      const { liveFrom, acceptChanges = false, note } = asked
      const store = releaseStore(tx, tables)
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'schedule')
      const rows = await store.pieces(id)
      if (rows.length === 0) throw new Problem('invalid-transition', 'The release is empty. Add its pieces first.')
      await parts.holdIn(tx, rows)
      // The clock is looked at when nobody else can write the pieces any more: nothing of theirs is younger than this.
      const now = clock.now()
      refusePast(liveFrom, now)
      const pieces = await parts.standingIn(tx, caller, rows)
      refuseUnfit(pieces, id, inRelease)
      if (!acceptChanges) refuseChanged(pieces, held.state, inRelease)
      const coming = { releaseId: id, at: liveFrom ?? now, isNow: liveFrom === undefined, note }
      const followed: Followed[] = []
      for (const { at, piece } of railsFirst(pieces)) {
        if (piece.present?.releaseId !== id) refuseCome(held.state, piece)
        const planned = await parts.planIn(tx, caller, piece, coming, early, `#/items/${at}`)
        await store.setPieceVersion({ ...piece, releaseId: id }, planned.version)
        followed.push(...(planned.followed ?? []))
      }
      refuseLate(held, 'schedule')
      refusePast(liveFrom, clock.now())
      const released = { state: 'scheduled' as const, liveFrom: coming.at }
      return { ...(await advanceIn(tx, caller, held, ['state', 'liveFrom'], released)), followed }
    },

    /** Takes back all that is planned, before its time: readers never see anything of it. */
    async cancelIn(tx: Db, caller: Caller, id: string, versions: Versions, note?: string) {
      const held = await heldIn(tx, id, versions)
      refuseLate(held, 'cancel')
      if (held.state !== 'scheduled')
        throw new Problem('invalid-transition', `Only a scheduled release can be cancelled; this one is ${held.state}.`)
      const rows = await releaseStore(tx, tables).pieces(id)
      await parts.holdIn(tx, rows)
      await unplanIn(tx, caller, held, await parts.standingIn(tx, caller, rows), note)
      refuseLate(held, 'cancel')
      return advanceIn(tx, caller, held, ['state'], { state: 'cancelled' })
    },

    /** What will happen by the clock to articles, rails and releases, in the order of time. */
    schedule: (until: string | undefined, limit: number, place: Place | undefined): Promise<ScheduleEntry[]> =>
      db.snapshot(async (read) => {
        const span = { now: clock.now(), until, place, limit }
        const releases = (await releaseStore(read, tables).ahead(span)).map(
          ({ id, title, liveFrom }): ScheduleEntry => ({ at: liveFrom ?? '', kind: 'release', title, releaseId: id }),
        )
        const pieces = [...(await publishing.aheadIn(read, span)), ...(await rails.aheadIn(read, span))].map(
          ({ releaseId, ...entry }): ScheduleEntry => ({ ...entry, ...(releaseId !== null && { releaseId }) }),
        )
        const soonest = [...releases, ...pieces].toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
        return (place?.direction === 'before' ? soonest.toReversed() : soonest).slice(0, limit)
      }),
  }
}

const nameOf = (write: PieceWrite) => ({ kind: write.kind, subject: write.kind === 'article' ? write.id : write.key })
const notFound = () => new Problem('not-found', 'There is no such release.')
