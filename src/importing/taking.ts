import type { Caller } from '../access/schema.ts'
import { standingAt, stateOf } from '../articles/rules.ts'
import type { ArticleState } from '../articles/schema.ts'
import type { Article, ArticleService, Changed } from '../articles/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import type { RailService } from '../headlines/rails.ts'
import type { HeadlineService } from '../headlines/service.ts'
import type { Rendered } from '../publishing/edition.ts'
import type { PublishingService, Together } from '../publishing/service.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { slugFrom } from '../shared/slug.ts'
import type { Followed, Subject } from '../shared/write.ts'
import type { TaxonomyService } from '../taxonomy/service.ts'
import {
  type Before,
  elsewhere,
  endedWhen,
  gone,
  isElsewhere,
  isHeld,
  isMissed,
  isOverAt,
  isSettled,
  missedWhen,
  refusalOf,
  timesOf,
  type Whence,
} from './decisions.ts'
import { termIn } from './defining.ts'
import type { RailRecord, TermRecord } from './formats/format.ts'
import { isSaid, ownIdOf } from './own.ts'
import type { Ready as Made } from './ready.ts'
import type { ImportHow, Reported } from './schema.ts'
import { type ImportedRow, importingStore } from './store.ts'

// What one record of an archive becomes, as part of the caller's transaction: an article with its links, its addresses and what
// readers see of it, or another version of one that came before.

export interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  articles: ArticleService
  headlines: HeadlineService
  rails: RailService
  publishing: PublishingService
  taxonomy: TaxonomyService
}

/** A record that is ready, with what readers will get of its text where that is rendered already. */
type Ready = Made & { rendered?: Omit<Rendered, 'contentVersion'> | undefined }

/** How, and what the records of the transaction have in common. */
type Doing = ImportHow & { together: Together }

/** What became of a record; `row` is by what it is known from now on. */
export type Done = Pick<Reported, 'result' | 'articleId' | 'railKey' | 'why' | 'warnings'> & { row?: ImportedRow }

export function taking({ db, clock, ids, audit, articles, headlines, rails, publishing, taxonomy }: Dependencies) {
  const { tables } = db

  async function note(tx: Db, actor: Caller, action: string, subject: Subject, followed: Followed[] = []) {
    for (const each of [{ action, subject }, ...followed]) {
      await audit.recordIn(tx, { actor, requestId: ids(), outcome: 'accepted', ...each })
      const { kind, id, version, changed } = each.subject
      const payload = { ...(version !== undefined && { version }), ...(changed && { changed }) }
      noteEvent(tx, { kind: `desk.${each.action}`, subjectKind: kind, subjectId: id, payload })
    }
  }

  /** Makes an article public as its source had it, or leaves it to the desk. Answers what could not be kept. */
  async function publishIn(
    tx: Db,
    caller: Caller,
    id: string,
    contentVersion: number,
    ready: Ready,
    how: Doing,
    { before, created }: { before?: Before; created?: Article } = {},
  ): Promise<string[]> {
    const now = clock.now()
    const { publication } = ready
    // What readers have here already is public for certain.
    if (!before?.publishedAt && isMissed(publication, now)) return [missedWhen(publication)]
    if (isHeld(publication, how, now)) return how.asDrafts ? [] : [endedWhen(publication)]
    const times = timesOf(publication, now, before)
    if (times === undefined) {
      if (publication.state === 'trashed') await publishing.trashIn(tx, caller, id, 'any')
      return []
    }
    const { begins, updatedAt, liveUntil } = times
    const isOver = isOverAt(publication, now)
    const isLater = begins > now
    const dates = { publishedAt: begins, updatedAt }
    const options = { ...(isLater && { liveFrom: begins }), ...(liveUntil !== undefined && !isOver && { liveUntil }) }
    const published = await publishing.publishIn(tx, caller, id, 'any', options, {
      ...(!isLater && { dates }),
      together: how.together,
      early: ready.rendered && { contentVersion, ...ready.rendered },
      created,
    })
    for (const each of published.followed ?? []) await note(tx, caller, each.action, each.subject)
    return []
  }

  async function openPathsIn(tx: Db, id: string, { formerPaths, warnings }: Ready): Promise<string[]> {
    const taken = await publishing.openFormerPathsIn(tx, id, formerPaths)
    return [...warnings, ...taken.map((path) => `The former address ${path} leads to another article already.`)]
  }

  async function createIn(tx: Db, caller: Caller, ready: Ready, { file, origin }: Whence, how: Doing): Promise<Done> {
    const { fields, slug, body, derived, record, externalId } = ready
    const { publication } = ready
    const publishedAt = (publication.state === 'published' && publication.publishedAt) || null
    const now = clock.now()
    const provenance = { kind: 'document' as const, file, sha256: ready.digest, importedAt: now, derived, publishedAt }
    const given = { provenance, body, ...(slug !== undefined && { slugLike: slug }) }
    const created = await articles.createIn(tx, caller, { ...fields, externalId }, given)
    const { article } = created
    const { id } = article
    const links = record.links.length === 0 ? 0 : 1
    if (links > 0) await headlines.replaceIn(tx, caller, id, [0], record.links)
    const warnings = await openPathsIn(tx, id, ready)
    if (slug !== undefined && article.slug !== slug)
      warnings.push(`The slug "${slug}" was taken: it is "${article.slug}".`)
    warnings.push(...(await publishIn(tx, caller, id, 1, ready, how, { created })))
    const { key, digest } = ready
    const held = isHeld(publication, how, now)
    const row = { key, origin, articleId: id, digest, contentVersion: 1, listVersion: links, isHeld: held }
    await importingStore(tx, tables).note(row)
    await note(tx, caller, 'importRecord', { kind: 'article', id, version: 1 })
    return { result: 'created', articleId: id, warnings, row }
  }

  async function updateIn(
    tx: Db,
    caller: Caller,
    ready: Ready,
    known: ImportedRow,
    { origin }: Whence,
    how: Doing,
  ): Promise<Done> {
    const { articleId: id } = known
    const found = await articles.lookForIn(tx, caller, id)
    const refusal = refusalOf(found, known, ready)
    if (found === undefined || refusal !== undefined) return { ...(refusal ?? gone), articleId: id, warnings: [] }
    const { fields, body, record, externalId } = ready
    // At the version that was looked at: what somebody writes at this moment is not overwritten either.
    const now = clock.now()
    const before = stateOf(found.article, now)
    const slug = found.content.slug
    const rewritten = await articles.rewriteIn(tx, caller, id, [found.article.version], () => ({
      ...fields,
      slug,
      externalId: known.key === ready.key ? externalId : found.content.externalId,
      body,
    }))
    const { contentVersion } = rewritten.article
    const warnings = await openPathsIn(tx, id, ready)
    let { listVersion } = known
    if (record.links.length > 0 || listVersion > 0) {
      const standing = await headlines.versionIn(tx, caller, id)
      if (standing !== listVersion) warnings.push('Its links were changed here since, and stay as they are.')
      else listVersion = (await headlines.replaceIn(tx, caller, id, [standing], record.links)).list.version
    }
    if (ready.slug !== undefined && !slug.startsWith(ready.slug))
      warnings.push(`Its slug is "${ready.slug}" there now; here it stays "${slug}".`)
    warnings.push(...(await goOnIn(tx, caller, before, rewritten, ready, how)))
    const row = {
      ...{ ...known, digest: ready.digest, contentVersion, listVersion, isHeld: isHeld(ready.publication, how, now) },
      ...(origin !== null && { origin }),
    }
    await importingStore(tx, tables).note(row)
    await note(tx, caller, 'importRecord', { kind: 'article', id, version: contentVersion, changed: rewritten.changed })
    return { result: 'updated', articleId: id, warnings, row }
  }

  /** Lets readers have what an article says now, where it stands as the import left it; answers what they do not get. */
  async function goOnIn(
    tx: Db,
    caller: Caller,
    before: ArticleState,
    { article, changed }: Changed,
    ready: Ready,
    how: Doing,
  ): Promise<string[]> {
    const { id, contentVersion, firstPublishedAt, scheduledFrom, scheduledUntil, releaseId } = article
    // What was edited here is a conflict: the changes that readers do not have are those of an earlier import.
    const isPublic = before === 'live' || before === 'liveWithChanges'
    if (isPublic && (ready.publication.state === 'draft' || how.asDrafts))
      return [
        'It is for the desk alone there now; readers here keep what they have until somebody publishes or withdraws it.',
      ]
    if (isPublic || before === 'draft')
      return publishIn(tx, caller, id, contentVersion, ready, how, {
        before: { publishedAt: isPublic ? firstPublishedAt : null, isChanged: changed.length > 0 },
      })
    if (before === 'scheduled' && scheduledFrom !== null && releaseId === null) {
      // The text is another one, and the time is the desk's.
      await publishing.publishIn(tx, caller, id, 'any', { liveFrom: scheduledFrom, liveUntil: scheduledUntil })
      return []
    }
    return [`It is ${before} here, so readers get nothing new of it until somebody publishes it.`]
  }

  async function railIn(tx: Db, caller: Caller, { key: named, title, links, warnings }: RailRecord): Promise<Done> {
    const key = slugFrom(named, 'headlines').slice(0, 80)
    const standing = await rails.contentIn(tx, key)
    if (standing === undefined) {
      await rails.createIn(tx, caller, { key, title, items: links })
      await note(tx, caller, 'importRecord', { kind: 'rail', id: key })
      return { result: 'created', railKey: key, warnings }
    }
    const isSame =
      standing.items.length === links.length &&
      links.every(({ headline }, n) => standing.items[n]?.headline === headline)
    if (isSame) return { result: 'unchanged', railKey: key, warnings }
    return { result: 'conflict', railKey: key, why: `There is a rail "${key}" with other headlines.`, warnings }
  }

  /**
   * What becomes of what is an article of this installation, exported before; undefined for all else, and for what was imported once and
   * says something new.
   */
  async function ownIn(tx: Db, caller: Caller, ready: Ready, isKnown: boolean): Promise<Done | undefined> {
    const articleId = ownIdOf(ready)
    if (articleId === undefined) return undefined
    const found = await articles.lookForIn(tx, caller, articleId)
    if (found === undefined) return (await articles.isGoneIn(tx, articleId)) ? { ...gone, warnings: [] } : undefined
    const { killedAt, contentVersion, publishedContentVersion } = standingAt(found.article, clock.now())
    if (killedAt !== null) return { articleId, result: 'skipped', why: 'It was killed here.', warnings: [] }
    // What was exported is what readers had, where they had it, and the desk may have gone on since.
    const versions = [...new Set([contentVersion, publishedContentVersion ?? contentVersion])]
    for (const version of versions) {
      const said = await articles.contentAtIn(tx, articleId, version)
      if (said && isSaid(ready, said)) return { articleId, result: 'unchanged', warnings: ready.warnings }
    }
    if (isKnown) return undefined
    const why =
      'It is an article of this installation, and says something else here. Change it here, or erase it first.'
    return { articleId, result: 'conflict', why, warnings: [] }
  }

  return {
    railIn,
    termIn: (tx: Db, caller: Caller, record: TermRecord, { isDryRun }: ImportHow): Promise<Done> =>
      termIn(tx, caller, taxonomy, record, {
        isDryRun,
        note: (subject) => note(tx, caller, 'importRecord', subject),
      }),

    /** `known` is what is known of it already. */
    async articleIn(tx: Db, caller: Caller, ready: Ready, known: ImportedRow | undefined, whence: Whence, how: Doing) {
      const { warnings } = ready
      if (known !== undefined && isSettled(known, ready, how, clock.now()))
        return { result: 'unchanged', articleId: known.articleId, warnings } satisfies Done
      const own = known?.digest === ready.digest ? undefined : await ownIn(tx, caller, ready, known !== undefined)
      if (own !== undefined) return own
      if (known === undefined) return createIn(tx, caller, ready, whence, how)
      if (isElsewhere(known, ready, whence) && !how.isMoved)
        return {
          result: 'conflict',
          articleId: known.articleId,
          why: elsewhere(whence),
          warnings,
        } satisfies Done
      return updateIn(tx, caller, ready, known, whence, how)
    },
  }
}
