import { isDeepStrictEqual } from 'node:util'
import { invalidField } from '../shared/problem.ts'
import type { TermDetails, TermName, TermReplace } from './schema.ts'

/** How many sections one may be in, itself included. */
export const DEPTH_MAX = 6

/** What is stored of a term besides its names: what was left out is not there. */
export function detailsOf({ description, uri, url, jobTitle, image, sameAs }: TermReplace): TermDetails {
  const all = { description, uri, url, jobTitle, image, sameAs: sameAs?.length ? sameAs : null }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value != null))
}

interface Written {
  slug: string
  name: string
  parentKey: string | null
  details: TermDetails
}

/** The names of what differs; of one that is new, what it has at all. */
export function changedIn(before: Written | undefined, after: Written): string[] {
  const flat = (of: Written | undefined): Record<string, unknown> =>
    of ? { slug: of.slug, name: of.name, ...(of.parentKey !== null && { parent: of.parentKey }), ...of.details } : {}
  const [was, is] = [flat(before), flat(after)]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !isDeepStrictEqual(was[name], is[name]))
    .sort()
}

/** The sections above one, the nearest first, by the parent of each. */
export function above(key: string, parents: Map<string, string | null>): string[] {
  const found: string[] = []
  for (let at = parents.get(key) ?? null; at !== null && found.length <= DEPTH_MAX; at = parents.get(at) ?? null) {
    found.push(at)
  }
  return found
}

/** Throws 422 where a section would be a part of itself, or too deep. */
export function refuseBadParent(key: string, parentKey: string, parents: Map<string, string | null>): void {
  const way = [parentKey, ...above(parentKey, parents)]
  if (way.includes(key)) {
    throw invalidField('#/parent', 'circle', 'Must not be the section itself, nor one that is a part of it.')
  }
  const below = [...parents.keys()].filter((each) => each === key || above(each, parents).includes(key))
  const depthBelow = Math.max(0, ...below.map((each) => (each === key ? 0 : above(each, parents).indexOf(key) + 1)))
  if (way.length + 1 + depthBelow > DEPTH_MAX) {
    throw invalidField('#/parent', 'too-deep', `Sections may be ${DEPTH_MAX} deep at most.`)
  }
}

export const plural = { section: 'sections', tag: 'tags', author: 'authors' } as const satisfies Record<
  TermName,
  string
>
