// What an archive holds, in an order in which it can be put back: everything but who may do what (keys), what is somebody else's
// (webhooks and their secrets, addresses of previews), and what is of the moment (locks, answers that are kept for repetition, imports on their way).

/** Each table with the columns that tell its rows apart, and how many are read at a time: fewer where they are large. */
export const parts = [
  ['taxonomy', ['id'], 1],
  ['terms', ['kind', 'key'], 500],
  ['termSlugs', ['kind', 'slug'], 500],
  ['articles', ['id'], 500],
  ['articleVersions', ['articleId', 'version'], 50],
  ['slugs', ['slug'], 500],
  ['tombstones', ['articleId'], 500],
  ['headlineLists', ['id'], 500],
  ['headlineListVersions', ['listId', 'version'], 50],
  ['headlineLinks', ['id'], 500],
  ['listEditions', ['listId', 'version'], 50],
  ['listWindows', ['listId', 'at'], 500],
  ['fronts', ['key'], 500],
  ['frontVersions', ['key', 'version'], 100],
  ['frontEditions', ['key', 'version'], 100],
  ['releases', ['id'], 500],
  ['releaseItems', ['releaseId', 'kind', 'subject'], 500],
  ['editions', ['articleId', 'edition'], 200],
  ['editionBodies', ['articleId', 'edition'], 50],
  ['editionTerms', ['articleId', 'edition', 'kind', 'slug'], 500],
  ['addresses', ['slug'], 500],
  ['formerPaths', ['path'], 500],
  ['instants', ['at'], 500],
  ['editionWords', ['place'], 500],
  ['vocabulary', ['word'], 1_000],
  ['imported', ['key'], 500],
  ['eventCounter', ['id'], 1],
  ['events', ['seq'], 500],
  ['audit', ['id'], 500],
] as const

export type PartName = (typeof parts)[number][0]

/** Which column is made anew where an archive is put back. */
export const derived: Partial<Record<PartName, string>> = { editionWords: 'words' }

/** The tables that no archive holds, each with the reason. A test says that every table is here or above. */
export const leftOut: Record<string, string> = {
  keys: 'who may do what is decided anew where an archive is put in',
  webhooks: 'their secrets are of others, and two installations must not send the same',
  webhookDeliveries: 'they belong to webhooks',
  webhookAttempts: 'they belong to webhooks',
  previews: 'their addresses were given to people, for this installation',
  articleLocks: 'they say who is at work at this moment',
  leases: 'they say which process is at work at this moment',
  idempotencyKeys: 'they keep answers for repetitions of requests, by keys that are left out',
  importJobs: 'their files lie on the disk of this installation',
  importRecords: 'they belong to imports',
}

export const FORMAT = 'dateline'
/**
 * Another one for each change of what rows hold: an archive of another one is refused, as a column that is missing or unknown would
 * be filled or dropped in silence. A test pins the columns of this one.
 */
export const FORMAT_VERSION = 1
