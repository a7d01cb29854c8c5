import { fromHtml } from '../../body/from-html.ts'
import { toText } from '../../body/to-text.ts'
import { isObject } from '../../shared/json.ts'
import type { SourceBody } from './format.ts'

// The texts of a ninjs item. Versions 2 and 3 have them as lists with roles, version 1 as members of their own
// ("headline", "body_html"); names are told apart without capitals, which is all that differs between 2 and 3.

export type Item = Record<string, unknown>

export const string = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** Its members by their names in lower case, each of which can be taken once; what is left has not been understood. */
export function membersOf(item: Item) {
  const left = new Map(Object.entries(item).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    /** The first of these that says something; all of them are taken. */
    take(...names: string[]): unknown {
      const found = names
        .map((name) => left.get(name))
        .filter((value) => value !== undefined && value !== null && value !== '')
      for (const name of names) left.delete(name)
      return found[0]
    },
    left: (): [string, unknown][] =>
      [...left].filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)),
  }
}
export type Members = ReturnType<typeof membersOf>

interface Said {
  role: string
  type: string
  value: string
}

/** What is said of one thing with roles, in order. */
function saidIn(value: unknown): Said[] {
  return (Array.isArray(value) ? value : []).filter(isObject).flatMap((each) => {
    const members = membersOf(each)
    const text = string(members.take('value'))
    const type = string(members.take('contenttype')) ?? 'text/plain'
    return text === undefined ? [] : [{ role: string(members.take('role')) ?? 'main', type, value: text }]
  })
}

const isMarkup = (type: string) => /html|xml/i.test(type)
const plain = ({ type, value }: Said) => (isMarkup(type) ? toText(fromHtml(value)).trim() : value)
const MAIN = new Set(['main', 'primary', 'headline', 'summary', 'default', 'drol:main'])

/** What a text says, so that two that say the same are equal, be it with marks or without. */
const folded = (each: Said) => plain(each).replaceAll(/\s+/gu, ' ').trim()

/** The one that stands for all (by its role, else the first), the first of each role of its own, and the rest for the notes. */
function sorted(said: Said[], own: string[]) {
  const first = said.find(({ role }) => MAIN.has(role.toLowerCase())) ?? said.find(({ role }) => !own.includes(role))
  const byRole = (role: string) => said.find((each) => each.role === role && each !== first)
  const kept = [first, ...own.map(byRole)].filter((each) => each !== undefined)
  // Each is folded once: the first may be long, and the others many.
  const known = new Set(kept.map(folded))
  return { first, byRole, others: said.filter((each) => !kept.includes(each) && !known.has(folded(each))) }
}

export interface Words {
  headline: string
  alternativeHeadline?: string
  kicker?: string
  standfirst?: string
}

/** Headlines and descriptions; those that have no field here go into the notes. */
export function wordsOf(members: Members, notes: string[], warnings: string[]): Words {
  const old = (value: unknown, type: string): Said[] => {
    const text = string(value)
    return text === undefined ? [] : [{ role: 'main', type, value: text }]
  }
  const heads = [
    ...saidIn(members.take('headlines')),
    ...old(members.take('headline'), 'text/plain'),
    ...old(members.take('title'), 'text/plain'),
  ]
  const head = sorted(heads, ['alternative', 'kicker'])
  const text = old(members.take('description_text'), 'text/plain')
  const marked = old(members.take('description_html', 'description_xhtml'), 'text/html')
  const said = [...saidIn(members.take('descriptions')), ...(text.length > 0 ? text : marked)]
  const description = sorted(said, [])
  const rest = [
    ...head.others.map((each) => ['headline', each] as const),
    ...description.others.map((each) => ['description', each] as const),
  ]
  for (const [what, each] of rest) {
    notes.push(`${what} (${each.role}): ${plain(each)}`)
    warnings.push(`A ${what} with the role "${each.role.slice(0, 60)}" is kept in the notes.`)
  }
  const alternative = head.byRole('alternative')
  const kicker = head.byRole('kicker')
  return {
    headline: head.first ? plain(head.first) : '',
    ...(alternative && { alternativeHeadline: plain(alternative) }),
    ...(kicker && { kicker: plain(kicker) }),
    ...(description.first && { standfirst: plain(description.first) }),
  }
}

/** The text: as HTML where it is there, since plain text of the same role says the same with less. */
export function bodyIn(members: Members, notes: string[], warnings: string[]): SourceBody | undefined {
  const html = string(members.take('body_html')) ?? string(members.take('body_xhtml'))
  const old = string(members.take('body_text'))
  members.take('body_xhtml')
  const bodies = saidIn(members.take('bodies'))
  if (html !== undefined) return scripted(html, warnings)
  if (bodies.length === 0) return old === undefined ? undefined : { text: old }
  const role = (bodies.find((each) => MAIN.has(each.role.toLowerCase())) ?? bodies[0])?.role
  const same = bodies.filter((each) => each.role === role)
  const chosen = same.find(({ type }) => isMarkup(type)) ?? same[0]
  if (chosen === undefined) return undefined
  const known = bodies.length > 1 ? folded(chosen) : ''
  for (const each of bodies) {
    const isPlainOfIt = each.role === role && isMarkup(chosen.type) && !isMarkup(each.type)
    if (each === chosen || isPlainOfIt || folded(each) === known) continue
    notes.push(`text (${each.role}): ${plain(each)}`)
    warnings.push(`A text with the role "${each.role.slice(0, 60)}" is kept in the notes.`)
  }
  return isMarkup(chosen.type) ? scripted(chosen.value, warnings) : { text: chosen.value }
}

function scripted(html: string, warnings: string[]): SourceBody {
  if (/<script\b/i.test(html)) warnings.push('A script in its text is left out.')
  return { html }
}
