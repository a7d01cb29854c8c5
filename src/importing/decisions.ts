import type { Article } from '../articles/service.ts'
import type { Publication } from './formats/format.ts'
import type { Ready } from './ready.ts'
import type { ImportHow, Reported } from './schema.ts'
import type { ImportedRow } from './store.ts'

// What is to become of a record, by what is known of it and by what its source says of readers. Decides, and does nothing.

/** Where a record came from: what its file is called, and where it is, if it is known by that. */
export interface Whence {
  file: string
  origin: string | null
}

/** Whether a record says nothing new, and nothing was left of it that is to be done now. */
export const isSettled = (known: ImportedRow, ready: Ready, how: ImportHow, now: string): boolean =>
  known.digest === ready.digest && !(known.isHeld && !isHeld(ready.publication, how, now))

/** Whether another file has come under the name of this one. */
export const isElsewhere = (known: ImportedRow, ready: Ready, { origin }: Whence): boolean =>
  known.digest !== ready.digest && known.origin !== null && origin !== null && known.origin !== origin

export const elsewhere = ({ file }: Whence): string =>
  `A file "${file}" came from another place before. If this one is of another site, name that with --site; if the files have only moved, say --moved.`

export const isOverAt = (publication: Publication, now: string): boolean =>
  'liveUntil' in publication && publication.liveUntil !== undefined && publication.liveUntil <= now

/** Whether what readers had at its source is left to the desk. */
export const isHeld = (publication: Publication, { asDrafts, withEnded }: ImportHow, now: string): boolean =>
  (publication.state === 'published' || publication.state === 'scheduled') &&
  (asDrafts || (!withEnded && isOverAt(publication, now)))

/** Whether it was to be public at a time that has passed, and nobody knows whether it was. */
export const isMissed = (publication: Publication, now: string): boolean =>
  publication.state === 'scheduled' && publication.isCertain !== true && publication.liveFrom <= now

export const missedWhen = (publication: Publication): string =>
  `It was to be published on ${'liveFrom' in publication ? publication.liveFrom : ''}, which has passed; whether it was is not known: it comes as a draft.`

export const endedWhen = (publication: Publication): string =>
  `It ended on ${'liveUntil' in publication ? publication.liveUntil : ''}, and comes as a draft that keeps its date.`

/** What readers had of an article before: since when, and whether it says something else now. */
export interface Before {
  publishedAt: string | null
  isChanged: boolean
}

/**
 * From when and until when readers have it; undefined where it is for the desk alone. What does not say when it was published keeps
 * the date that it has here, and a text that is another one now was changed now, unless its source says when.
 */
export function timesOf(publication: Publication, now: string, before?: Before) {
  if (publication.state === 'draft' || publication.state === 'trashed') return undefined
  const known = publication.state === 'scheduled' ? publication.liveFrom : publication.publishedAt
  const begins = known ?? before?.publishedAt ?? now
  const said = publication.state === 'published' ? publication.updatedAt : undefined
  const changed = said ?? (before?.publishedAt && before.isChanged ? now : begins)
  return { begins, updatedAt: changed > begins ? changed : begins, liveUntil: publication.liveUntil }
}

export const gone = { result: 'skipped' as const, why: 'It was erased here, and does not come back by an import.' }

/** Why an article that was imported is not written again; undefined where it may be. */
export function refusalOf(
  found: Article | undefined,
  known: ImportedRow,
  { digest }: Ready,
): Pick<Reported, 'result' | 'why'> | undefined {
  if (found === undefined) return gone
  const { article } = found
  if (article.killedAt !== null) return { result: 'skipped', why: 'It was killed here.' }
  if (article.trashedAt !== null) return { result: 'conflict', why: 'It is in the trash here: restore it first.' }
  if (article.contentVersion === known.contentVersion) return undefined
  const edited = `It was edited here since (version ${article.contentVersion}, and ${known.contentVersion} was imported)`
  const why = known.digest === digest ? `${edited}: publish it here.` : `${edited}, and its source has changed too.`
  return { result: 'conflict', why }
}
