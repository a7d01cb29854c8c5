/** A place in a list: the sort key and id of an entry, and which way to go on from it. */
export interface Place {
  direction: 'after' | 'before'
  at: string
  id: string
}

/** A place in a history, which is ordered by the numbers of versions. */
export interface VersionPlace {
  direction: Place['direction']
  version: number
}
