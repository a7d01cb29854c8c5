/** A place in a list: the sort key and id of an entry, and which way to go on from it. */
export interface Place {
  direction: 'after' | 'before'
  at: string
  id: string
}
