import { Problem } from '../shared/problem.ts'
import type { ChangeEvent } from './feed-schema.ts'
import type { LoggedEvent } from './schema.ts'
import type { EventService } from './service.ts'

// What readers get of the log, whichever way it comes to them: as pages (routes.ts) or as a stream (stream.ts).

/** What an article is called at this moment, for readers. */
export interface Face {
  edition: number
  slug: string
  headline: string
  url: string
}
/** The faces of those of these articles that are public at this moment. */
export type FacesNow = (ids: string[]) => Promise<Map<string, Face>>

/** A change with its number among those that are public. */
export interface Told {
  seq: number
  change: ChangeEvent
}

/** A number in one of the two orders, as it is given out: what is of one order is refused in the other. */
export const cursorOf = (seq: number, order: 'public' | 'desk' = 'public'): string =>
  Buffer.from(`${order}:${seq}`).toString('base64url')

/** The number in a cursor. Throws the problem `invalid-cursor` for anything that was not given out. */
export function numberIn(cursor: string, order: 'public' | 'desk' = 'public'): number {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, number] = /^(?:public|desk):(0|[1-9]\d{0,14})$/.exec(text) ?? []
  if (number === undefined || cursorOf(Number(number), order) !== cursor) {
    throw new Problem('invalid-cursor', 'This cursor was not given out by this API.')
  }
  return Number(number)
}

/** A cursor from beyond the end is of a log that is no more: who waits there would miss what comes. */
export const ahead = () =>
  new Problem(
    'invalid-cursor',
    'This cursor is ahead of the log, which was restored from an earlier state. Read everything anew, and begin without it.',
  )

/** For who has waited while their key was revoked. */
export const revoked = () => new Problem('unauthenticated', 'The key has been revoked.')

export type Feed = ReturnType<typeof changeFeed>

export function changeFeed(events: Pick<EventService, 'publicAfter' | 'lastPublic'>, facesNow: FacesNow) {
  return {
    lastPublic: events.lastPublic,

    /**
     * What came after number `seq`, in order. How an article is called is told only while readers have that edition: what it
     * said then may not be public any more.
     */
    async after(seq: number, limit: number): Promise<Told[]> {
      const found = await events.publicAfter(seq, limit)
      const articles = found.filter(({ subjectKind, payload }) => subjectKind === 'article' && payload.version)
      const ids = [...new Set(articles.map(({ subjectId }) => subjectId))]
      const faces = ids.length === 0 ? new Map<string, Face>() : await facesNow(ids)
      return found.map((event) => ({ seq: event.seq, change: changeOf(event, faces.get(event.subjectId)) }))
    },
  }
}

function changeOf({ id, kind, at, subjectKind, subjectId, payload }: LoggedEvent, face: Face | undefined): ChangeEvent {
  const { version, language, sections, formerSlug, changed, reason, tags } = payload
  const named = face && face.edition === version && { slug: face.slug, headline: face.headline, url: face.url }
  return {
    ...{ id, kind, at, subject: { kind: subjectKind, id: subjectId } },
    ...(version !== undefined && { version }),
    ...(named && { ...named, ...(language && { language }), ...(sections && { sections }) }),
    // It leads on while there is something to lead to.
    ...(face && formerSlug !== undefined && { formerSlug }),
    ...(changed && { changed }),
    ...(reason !== undefined && { reason }),
    ...(tags && { tags }),
  }
}
