import { isObject } from './json.ts'
import { nearest } from './validation.ts'

/** A place in a document: an entry, a member, or where one can be put. Nothing is there if `value` is undefined. */
export interface Place {
  readonly value: unknown
  add: (value: unknown) => void
  replace: (value: unknown) => void
  remove: () => void
}

/** The place that a JSON Pointer (RFC 6901) names in `holder.whole`, or a sentence about why there is none. */
export function locate(holder: { whole: unknown }, pointer: string, wanted: 'there' | 'new'): Place | string {
  const names = pointer.split('/').slice(1)
  let place = memberOf(holder, 'whole')
  for (const [i, written] of names.entries()) {
    const name = written.replaceAll('~1', '/').replaceAll('~0', '~')
    const inside = placeIn(place.value, name)
    const isNew = wanted === 'new' && i === names.length - 1
    if (!inside || (inside.value === undefined && !isNew)) {
      return absent(place.value, shown(['', ...names.slice(0, i)].join('/')), name, isNew)
    }
    place = inside
  }
  return place
}

/** A pointer as a sentence has it. */
export const shown = (pointer: string): string => (pointer === '' ? 'The whole' : `"${short(pointer)}"`)
const short = (text: string) => (text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text)

/** The place of that name inside `parent`; undefined if there can be none. */
function placeIn(parent: unknown, name: string): Place | undefined {
  if (Array.isArray(parent)) return entryOf(parent, name)
  // To assign a member of this name would set the prototype; nothing here is called that (http/json.ts).
  return isObject(parent) && name !== '__proto__' ? memberOf(parent, name) : undefined
}

function entryOf(parent: unknown[], name: string): Place | undefined {
  const index = name === '-' ? parent.length : /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : Number.NaN
  if (!(index <= parent.length)) return undefined
  return {
    value: parent[index],
    add: (value) => void parent.splice(index, 0, value),
    replace: (value) => void parent.splice(index, 1, value),
    remove: () => void parent.splice(index, 1),
  }
}

/** What an object inherits is no member of it. */
function memberOf(parent: Record<string, unknown>, name: string): Place {
  const set = (value: unknown) => {
    parent[name] = value
  }
  const remove = () => void delete parent[name]
  return { value: Object.hasOwn(parent, name) ? parent[name] : undefined, add: set, replace: set, remove }
}

/** Why nothing of that name is, or can be put, inside `parent`, and what would be right. */
function absent(parent: unknown, where: string, name: string, isNew: boolean): string {
  if (Array.isArray(parent)) {
    const last = isNew ? parent.length : parent.length - 1
    const range = last < 0 ? 'It is empty' : last === 0 ? 'Known is: 0' : `Known are: 0 to ${last}`
    return `${where} has no place "${short(name)}". ${range}${isNew ? ', and "-" for its end' : ''}.`
  }
  if (!isObject(parent)) return `${where} has nothing inside: it is neither an object nor an array.`
  if (name === '__proto__') return 'No member may be called "__proto__".'
  const didYouMean = nearest(name, Object.keys(parent))
  return `${where} has no member "${short(name)}".${didYouMean ? ` Did you mean "${didYouMean}"?` : ' Name one that it has, or "add" it first.'}`
}
