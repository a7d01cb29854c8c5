import { isDeepStrictEqual } from 'node:util'
import { indexRows } from '../../headlines/rules.ts'
import type { SeenList } from '../seen-lists.ts'

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)

/** By what links are found, against the links that the list holds. */
export const listLinks = {
  kind: 'list-links',
  says: 'links are found by what they point at and wait for',
  advice: 'Take the links out of these lists and put them in again: that makes the index anew.',
  faultOf({ list, contentAt, links }: SeenList): string | undefined {
    const content = contentAt(list.contentVersion)
    if (content === undefined) return undefined
    const wanted = indexRows(list.id, content.items).sort(byId)
    return isDeepStrictEqual(links.toSorted(byId), wanted)
      ? undefined
      : 'is a list whose links are not those in the index'
  },
}
