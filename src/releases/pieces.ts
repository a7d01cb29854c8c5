import { setImmediate as loopTurn } from 'node:timers/promises'
import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Db } from '../db/database.ts'
import type { RailService } from '../headlines/rails.ts'
import type { Ahead, Rendered } from '../publishing/edition.ts'
import type { PublishingService } from '../publishing/service.ts'
import { Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import type { Followed } from '../shared/write.ts'
import type { Piece, Present } from './rules.ts'
import type { PieceRow } from './store.ts'

export type { Ahead }

// The pieces of a release, of whichever kind: how they stand, and what their own feature does with them.

export interface PieceServices {
  articles: ArticleService
  rails: RailService
  publishing: PublishingService
}

/** When a release comes; `isNow` where that is the instant at which its pieces were held. */
export interface Coming {
  releaseId: string
  at: string
  isNow: boolean
  note?: string | undefined
}

/** The version that a plan has made, and what followed from it. */
interface Planned {
  version: number
  followed?: Followed[]
}

/** The bodies of articles by their ids, rendered before the transaction. */
export type Early = Map<string, Rendered>

type Named = Pick<PieceRow, 'kind' | 'subject'>

export function releasePieces({ articles, rails, publishing }: PieceServices) {
  const of = (kind: Named['kind'], pieces: Named[]) =>
    pieces.flatMap((piece) => (piece.kind === kind ? [piece.subject] : []))

  /** Keeps others from writing these pieces until the transaction ends. */
  async function holdIn(tx: Db, pieces: Named[]): Promise<void> {
    await articles.holdAllIn(tx, of('article', pieces))
    await rails.holdAllIn(tx, of('rail', pieces))
  }

  return {
    holdIn,

    /** The pieces with what stands of each. */
    async standingIn(on: Db, caller: Caller, rows: PieceRow[]): Promise<Piece[]> {
      const foundArticles = await articles.byIdsIn(on, caller, of('article', rows))
      const foundRails = await rails.byKeysIn(on, of('rail', rows))
      const presentOf = ({ kind, subject }: Named): Present | null => {
        if (kind === 'article') {
          const article = foundArticles.get(subject)
          if (article === undefined) return null
          const { version, headline, state, scheduled } = article
          return { version, name: headline, state, releaseId: scheduled?.releaseId ?? null }
        }
        const rail = foundRails.get(subject)
        if (rail === undefined) return null
        return { version: rail.version, name: rail.title, state: null, releaseId: rail.scheduled?.releaseId ?? null }
      }
      return rows.map((row) => ({ ...row, present: presentOf(row) }))
    },

    /** Throws where a piece could not be planned as it was sent. Readers are served between the pieces. */
    async checkIn(tx: Db, caller: Caller, { kind, subject, plan }: Piece, pointer: string): Promise<void> {
      await loopTurn()
      if (kind === 'rail') await pointingTo(pointer, () => rails.checkPlanIn(tx, caller, subject, plan ?? {}))
    },

    /** Plans a piece as it stands; it must be held. */
    async planIn(
      tx: Db,
      caller: Caller,
      piece: Piece,
      coming: Coming,
      early: Early,
      pointer: string,
    ): Promise<Planned> {
      const { kind, subject, plan, present } = piece
      const { releaseId, at, isNow, note } = coming
      await loopTurn()
      if (kind === 'article') {
        const options = { ...(!isNow && { liveFrom: at }), ...(note !== undefined && { note }) }
        const { article, followed } = await publishing.publishIn(
          tx,
          caller,
          subject,
          [present?.version ?? 0],
          options,
          {
            early: early.get(subject),
            releaseId,
            ...(isNow && { at }),
          },
        )
        return { version: article.version, ...(followed && { followed }) }
      }
      // Where a release is moved to another time, its own earlier plan gives way.
      if (present?.releaseId === releaseId) await rails.unplanIn(tx, caller, subject, releaseId)
      return pointingTo(pointer, async () => {
        const { list } = await rails.planIn(tx, caller, subject, plan ?? {}, at, releaseId)
        return { version: list.version }
      })
    },

    /** Takes back what a release has planned for a piece. Answers the version that this makes. */
    async unplanIn(tx: Db, caller: Caller, { kind, subject }: Named, releaseId: string, note?: string) {
      await loopTurn()
      if (kind === 'rail') return rails.unplanIn(tx, caller, subject, releaseId)
      return (await publishing.unscheduleIn(tx, caller, subject, 'any', note, releaseId)).article.version
    },

    /** The bodies of the articles among these, rendered before the transaction that will publish them. */
    async renderEarly(caller: Caller, pieces: Named[], ahead: Ahead): Promise<Early> {
      const early: Early = new Map()
      for (const id of of('article', pieces)) {
        const rendered = await publishing.renderEarly(caller, id, ahead)
        if (rendered) early.set(id, rendered)
        // A hundred long articles take a while: others are served in between.
        await loopTurn()
      }
      return early
    },
  }
}

/** A rail's own error names the place in its items; the caller looks for it in the release. */
async function pointingTo<T>(pointer: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors) throw error
    const errors = error.errors.map((each) => ({ ...each, pointer: `${pointer}${each.pointer.slice(1)}` }))
    throw error.code === 'validation-failed'
      ? invalidFields(errors)
      : new Problem(error.code, error.message, { ...error, errors })
  }
}
