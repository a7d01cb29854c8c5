import type { Database } from '../db/database.ts'
import { type TableName, upkeepStore } from './store.ts'

// Owns the look at a database as a whole: whether everything in it fits together. Changes nothing.

/** A check, and what it found wrong; nothing where all is well. */
export interface Finding {
  check: string
  problems: string[]
  /** What to do about it. */
  advice: string
}

export type UpkeepService = ReturnType<typeof upkeepService>

const RESTORE = 'Restore a backup, or export what is there and load that into a new database.'

export function upkeepService({ db }: { db: Database }) {
  const { tables } = db

  /** What belongs to what: rows of the first table need one of the second under the same values. */
  const belongs: [TableName, TableName, [string, string][]][] = [
    ['articleVersions', 'articles', [['articleId', 'id']]],
    ['slugs', 'articles', [['articleId', 'id']]],
    ['articleLocks', 'articles', [['articleId', 'id']]],
    ['editions', 'articles', [['articleId', 'id']]],
    ['addresses', 'articles', [['articleId', 'id']]],
    ['formerPaths', 'articles', [['articleId', 'id']]],
    [
      'editions',
      'editionBodies',
      [
        ['articleId', 'articleId'],
        ['edition', 'edition'],
      ],
    ],
    [
      'editionBodies',
      'editions',
      [
        ['articleId', 'articleId'],
        ['edition', 'edition'],
      ],
    ],
    [
      'editionTerms',
      'editions',
      [
        ['articleId', 'articleId'],
        ['edition', 'edition'],
      ],
    ],
    [
      'editionWords',
      'editions',
      [
        ['articleId', 'articleId'],
        ['edition', 'edition'],
      ],
    ],
    ['headlineLinks', 'headlineLists', [['listId', 'id']]],
    [
      'termSlugs',
      'terms',
      [
        ['kind', 'kind'],
        ['key', 'key'],
      ],
    ],
    ['frontVersions', 'fronts', [['key', 'key']]],
    ['frontEditions', 'fronts', [['key', 'key']]],
    ['releaseItems', 'releases', [['releaseId', 'id']]],
    ['importRecords', 'importJobs', [['jobId', 'id']]],
    ['webhookDeliveries', 'webhooks', [['webhookId', 'id']]],
    ['webhookAttempts', 'webhookDeliveries', [['deliveryId', 'id']]],
  ]

  return {
    /** The number of the last event that it has. */
    newestEvent: async (): Promise<number> => (await upkeepStore(db.read, tables).log()).last,

    /** All checks, at one instant, one after another. */
    examine: (): Promise<Finding[]> =>
      db.instant(async (read) => {
        const store = upkeepStore(read, tables)
        const found: Finding[] = []
        const note = (check: string, problems: string[], advice: string) => found.push({ check, problems, advice })
        const lost: string[] = []
        for (const [child, parent, pairs] of belongs) {
          const names = await store.orphans(child, parent, pairs)
          lost.push(...names.map((name) => `${child} ${name} has nothing in ${parent}`))
        }
        note('every row belongs to something', lost, RESTORE)
        note(
          'one edition at a time',
          (await store.overlapping()).map((id) => `article ${id} has two editions at once`),
          RESTORE,
        )
        note(
          'editions are counted',
          (await store.miscounted()).map((id) => `article ${id} counts other editions than it has`),
          RESTORE,
        )
        note(
          'articles have their text',
          (await store.speechless()).map((id) => `article ${id} has no text at its version`),
          RESTORE,
        )
        const slugs = [
          ...(await store.slugless()).map((id) => `article ${id} does not hold its slug`),
          ...(await store.unreachable()).map((name) => `edition ${name} is not found by its slug`),
          ...(await store.nameless()).map((name) => `term ${name} is not found by its slug`),
        ]
        note('slugs lead to what they name', slugs, RESTORE)
        const lists = [
          ...(await store.outOfStep()).map((name) => `entry ${name} is not as its edition is`),
          ...(await store.unlisted()).map((name) => `edition ${name} is in no list`),
        ]
        note(
          'lists are in step with editions',
          lists,
          'Export everything and load it into a new database, or publish these articles again.',
        )
        const unsearchable = (await store.unsearchable()).map((name) => `edition ${name} is not in the index of words`)
        note(
          'the index of words is in step',
          unsearchable,
          'Load an export into a new database: the index is made anew.',
        )
        const links: string[] = []
        for await (const { id, content, indexed } of store.lists()) {
          if (links.length < 5 && linkIds(content).sort().join() !== indexed.sort().join())
            links.push(`the links of list ${id} are not those in the index`)
        }
        note('links are in step with lists', links, 'Write these lists again: that makes the index anew.')
        note(
          'the log has no gap',
          faultsOfLog(await store.log()),
          'Followers of /v1/changes should read everything anew.',
        )
        return found
      }),
  }
}

/** The ids of all links of a list, those below others too. */
function linkIds(content: unknown): string[] {
  const { items = [] } = (content ?? {}) as { items?: { id: string; sublinks?: { id: string }[] }[] }
  return items.flatMap(({ id, sublinks = [] }) => [id, ...sublinks.map((each) => each.id)])
}

type Log = Awaited<ReturnType<ReturnType<typeof upkeepStore>['log']>>

function faultsOfLog({ all, last, ofPublic, lastPublic, counter }: Log): string[] {
  return [
    ...(all === last ? [] : [`${all} events, and the last one is number ${last}`]),
    ...(ofPublic === lastPublic ? [] : [`${ofPublic} public events, and the last one is number ${lastPublic}`]),
    ...((counter?.last ?? 0) === last
      ? []
      : [`the counter stands at ${counter?.last ?? 0} and the last event is number ${last}`]),
    ...((counter?.lastPublic ?? 0) === lastPublic
      ? []
      : [`the counter of public events stands at ${counter?.lastPublic ?? 0}, the last is number ${lastPublic}`]),
  ]
}
