import type { Followed } from '../shared/write.ts'
import { hasChanged, type Piece, stateOf } from './rules.ts'
import type { Release, ReleaseState, ReleaseSummary, ScheduleEntry, ShownPiece } from './schema.ts'
import type { ReleaseRow } from './store.ts'

/** A release with its pieces, after a write. */
export interface ChangedRelease {
  release: ReleaseRow
  pieces: Piece[]
  changed: string[]
  /** What else it has changed, for the audit. */
  followed?: Followed[]
}

/** The id by which an entry stands among those of its instant. */
export const entryId = ({ articleId, railKey, releaseId }: ScheduleEntry): string =>
  articleId ?? railKey ?? releaseId ?? ''

/** What puts entries in order: the instant, then the id, as the statements that find them do. */
export const orderOf = (entry: ScheduleEntry): string => `${entry.at} ${entryId(entry)}`

/** A release without its pieces. */
export const summaryOf = (release: ReleaseRow, state: ReleaseState, itemCount: number): ReleaseSummary => ({
  id: release.id,
  title: release.title,
  state,
  version: release.version,
  liveFrom: release.liveFrom,
  itemCount,
  createdAt: release.createdAt,
  createdBy: { id: release.createdById, name: release.createdByName },
  updatedAt: release.updatedAt,
  updatedBy: { id: release.updatedById, name: release.updatedByName },
})

/** A release as the desk gets it. */
export const shown = (release: ReleaseRow, pieces: Piece[], now: string): Release => {
  const state = stateOf(release, now)
  return {
    ...summaryOf(release, state, pieces.length),
    items: pieces.map((piece) => shownPiece(piece, release.id, state)),
  }
}

function shownPiece(piece: Piece, releaseId: string, state: ReleaseState): ShownPiece {
  const { kind, subject, version, plan, present } = piece
  const stands = {
    version,
    currentVersion: present?.version ?? null,
    hasChanged: hasChanged(piece, state),
    isPlanned: state === 'scheduled' && present?.releaseId === releaseId,
  }
  return kind === 'article'
    ? { kind, id: subject, headline: present?.name ?? null, state: present?.state ?? null, ...stands }
    : { kind, key: subject, title: present?.name ?? null, ...stands, items: plan?.items ?? null }
}
