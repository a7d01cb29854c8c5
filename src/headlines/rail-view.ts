import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { Problem } from '../shared/problem.ts'
import { renderList } from './edition.ts'
import { type List, listAt } from './lists.ts'
import { hasUnpublished, isStaged } from './rules.ts'
import type { EditorialRail, PublishMode, RailFields } from './schema.ts'
import { headlineStore, type ListRow } from './store.ts'

// A rail by its key, what it says of itself, and what it shows of itself.

/** 404 where there is none. */
export async function findRail(on: Db, tables: Tables, key: string, now: string): Promise<List> {
  const rail = listAt(await headlineStore(on, tables).byKey(key, now), now)
  if (!rail) throw new Problem('not-found', 'There is no such rail.')
  return rail
}

/** The draft of a staged rail as an edition of it would be; undefined where there was no such rail at `since`. */
export async function railDraft(on: Db, tables: Tables, key: string, now: string, since: string) {
  const rail = listAt(await headlineStore(on, tables).byKey(key, now), now)
  if (rail === undefined || !isStaged(rail.list) || rail.list.createdAt > since) return undefined
  return { key, updatedAt: rail.list.updatedAt, ...renderList(rail.content) }
}

export const railFields = ({
  title,
  description = null,
  language = null,
  followsStories = true,
  maxItems = null,
  backfill = null,
}: RailFields) => ({
  title,
  description,
  language,
  followsStories,
  maxItems,
  backfill,
})

/** How writes on a list become public. */
export const modeOf = (list: Pick<ListRow, 'publishedVersion'>): PublishMode => (isStaged(list) ? 'staged' : 'live')

/** What a rail shows of itself, beside what every list does. */
export const ownOf = (rail: List): Omit<EditorialRail, 'version' | 'updatedAt' | 'items'> => {
  const { list, content } = rail
  const { publishedVersion, scheduledFrom, scheduledVersion, releaseId } = list
  const isPlanned = scheduledFrom !== null && scheduledVersion !== null
  return {
    key: list.key ?? '',
    title: content.title ?? '',
    description: content.description,
    language: content.language,
    followsStories: content.followsStories,
    maxItems: content.maxItems,
    backfill: content.backfill,
    publishMode: modeOf(list),
    publishedVersion: publishedVersion === null ? list.contentVersion : publishedVersion || null,
    hasChanges: hasUnpublished(rail),
    updatedBy: { id: list.updatedById, name: list.updatedByName },
    scheduled: isPlanned ? { liveFrom: scheduledFrom, version: scheduledVersion, releaseId } : null,
  }
}
