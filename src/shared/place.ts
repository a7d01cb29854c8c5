/** A place in a list: the sort key and id of an entry, and which way to go on from it. */
export interface Place {
  direction: 'after' | 'before'
  at: string
  id: string
  /** Where the list is one of hits: how well this one matches, 0 best, and which it is in the order of publication. */
  hit?: { tier: number; nth: number }
}

/** What lies ahead of `now`: which part of it, in the order of time. */
export interface Span {
  now: string
  until: string | undefined
  place: Place | undefined
  limit: number
}

/** A place in a history, which is ordered by the numbers of versions. */
export interface VersionPlace {
  direction: Place['direction']
  version: number
}
