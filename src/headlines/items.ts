import { normalisedAddress } from '../shared/address.ts'
import type { Ids } from '../shared/ids.ts'
import { type FieldError, invalidField, Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import {
  endsLater,
  isKept,
  isLatest,
  LATEST_MAX,
  LINKS_MAX,
  type LinkFields,
  type LinkTarget,
  type StoredLink,
  type StoredSublink,
} from './link-schema.ts'
import type { ListContent } from './schema.ts'

// How what is sent becomes the items of a list: which link is which, what is there already, and what is too much.

/** How a write on a list is to be taken. What is undefined the caller cannot choose: it is refused. */
export interface ListOptions {
  onDuplicate?: 'refuse' | 'move' | undefined
  overflow?: 'refuse' | 'trim' | undefined
}

/** Where the fields of links were sent that point at something, by the id of the link and the name of the field. */
export type Places = Map<string, string>
export type PointingField = 'target' | 'sublinks'
export const placeKey = (id: string, name: PointingField): string => `${id} ${name}`

/** What was not sent keeps the place where it was before, in an earlier operation. */
export function notePlace(places: Places, id: string, fields: object, sentAt: string): void {
  for (const name of ['target', 'sublinks'] as const) {
    if (name in fields) places.set(placeKey(id, name), sentAt)
  }
}

interface Making {
  newId: Ids
  /** The link as it stood, whose sublinks may keep their ids. */
  before?: StoredLink | undefined
  /** Where the link was sent, and what is wrong with it so far. */
  pointer: string
  errors: FieldError[]
}

/** The fields of a link as they are stored: what was left out is empty. */
export const linkOf = (id: string, fields: LinkFields, making: Making): StoredLink => ({
  id,
  headline: fields.headline ?? null,
  kicker: fields.kicker ?? null,
  summary: fields.summary ?? null,
  byline: fields.byline ?? null,
  image: fields.image ?? null,
  hideImage: fields.hideImage ?? false,
  label: fields.label ?? null,
  prominence: fields.prominence ?? 'normal',
  pin: fields.pin ?? null,
  startsAt: fields.startsAt ?? null,
  endsAt: fields.endsAt ?? null,
  target: fields.target ?? null,
  sublinks: sublinksOf(fields.sublinks ?? [], making),
  note: fields.note ?? null,
  followsStory: fields.followsStory ?? true,
})

function sublinksOf(sent: NonNullable<LinkFields['sublinks']>, { newId, before, pointer, errors }: Making) {
  const fields = sent.map(({ id, ...rest }) => ({ ...(id !== undefined && { id }), ...rest }))
  const idOf = claims(before?.sublinks ?? [], fields, { newId, pointer: `${pointer}/sublinks`, errors })
  return fields.map(
    (each): StoredSublink => ({
      id: idOf(each),
      headline: each.headline ?? null,
      kicker: each.kicker ?? null,
      target: each.target ?? null,
    }),
  )
}

type Named = Pick<LinkFields, 'id' | 'target' | 'headline'>

/**
 * Which ids these get. One keeps its id where it names it, or else where it is the same story as one that stood there
 * before, so that writing them once more does not make new ones of old ones.
 */
function claims(before: Story[], sent: Named[], { newId, pointer, errors }: Omit<Making, 'before'>) {
  const known = new Set(before.map(({ id }) => id))
  const named = new Set<string>()
  sent.forEach(({ id }, at) => {
    if (id === undefined) return
    const isTwice = named.has(id)
    named.add(id)
    if (known.has(id) && !isTwice) return
    const detail = known.has(id)
      ? 'This link is in the list twice.'
      : 'This list has no link with this id. Leave it out for a new link.'
    errors.push({ pointer: `${pointer}/${at}/id`, code: known.has(id) ? 'duplicate' : 'unknown-link', detail })
  })
  const unclaimed = Map.groupBy(
    before.filter(({ id }) => !named.has(id)),
    storyOf,
  )
  return ({ id, target = null, headline = null }: Named): string =>
    id ?? unclaimed.get(storyOf({ target, headline }))?.shift()?.id ?? newId()
}

type Story = Pick<StoredLink, 'id' | 'target' | 'headline'>

/** What makes two links the same story: what they point at, or for pending ones the headline. */
function storyOf({ target, headline }: Omit<Story, 'id'>): string {
  if (target === null) return `pending ${headline}`
  const story = stories.get(target) ?? pointedAt(target)
  stories.set(target, story)
  return story
}
/** An address may be long, and is asked for in every operation on its list. */
const stories = new WeakMap<LinkTarget, string>()

function pointedAt(target: LinkTarget): string {
  switch (target.kind) {
    case 'article':
      return `article ${target.id}`
    case 'url':
      return `url ${normalisedAddress(target.url)}`
    case 'rail':
      return `rail ${target.key}`
    case 'section':
    case 'tag':
      return `${target.kind} ${target.slug}${target.latest ? ' latest' : ''}`
  }
}

/** The links of a list by their story. */
type ByStory = Map<string, StoredLink[]>
const byStory = (links: StoredLink[]): ByStory => Map.groupBy(links, storyOf)

/**
 * Another link of the list that points at the same, if that is news: what stood there twice already may stay, so that
 * nobody is kept from other changes by it. Pending headlines may be the same: they are words, and not yet a story, and
 * a document that has a line twice is taken as it is.
 */
function twinOf(link: Story, before: ByStory, others: ByStory): StoredLink | undefined {
  if (link.target === null) return undefined
  const story = storyOf(link)
  const stood = new Set(before.get(story)?.map(({ id }) => id))
  const twins = (others.get(story) ?? []).filter(({ id }) => id !== link.id)
  return stood.has(link.id) ? twins.find(({ id }) => !stood.has(id)) : twins[0]
}

/** The link of a list that points at the same as one that is about to come. */
export const twinAmong = (items: StoredLink[], { target = null }: LinkFields): StoredLink | undefined =>
  twinOf({ id: '', target, headline: null }, new Map(), byStory(items))

/** Throws 409 where a link of `items` has become the twin of another. */
export function refuseTwin(link: StoredLink, before: StoredLink[], items: StoredLink[], pointer: string): void {
  const twin = twinOf(link, byStory(before), byStory(items))
  if (twin) throw duplicate(link, twin, { before, items, pointer }, 'Remove one of the two.')
}

/** Where a link is written: its list before and now, and where it was sent. */
interface Spot {
  before: StoredLink[]
  items: StoredLink[]
  pointer: string
}

function duplicate(link: StoredLink, twin: StoredLink, { before, items, pointer }: Spot, advice: string) {
  const isKnown = ({ id }: StoredLink) => before.some((each) => each.id === id)
  const position = items.indexOf(twin)
  // What has only just been sent has no id that anybody knows.
  const id = [twin, link].find(isKnown)?.id ?? null
  const name = id === null ? `the one at ${position}` : `${id}, at ${position}`
  const detail = `The list has a link to this already: ${name}. ${advice}`
  return new Problem('duplicate-item', detail, {
    errors: [{ pointer, code: 'duplicate-item', detail }],
    members: { existing: { id, position } },
  })
}

/** What a link becomes whose twin is there already: that one with what was sent. 409 unless it is to be moved. */
export function movedTwin(
  link: StoredLink,
  fields: LinkFields,
  twin: StoredLink,
  { onDuplicate, ...spot }: Spot & ListOptions,
): StoredLink {
  if (onDuplicate !== 'move') {
    const advice = onDuplicate
      ? 'With onDuplicate=move that one is moved instead.'
      : 'Leave this one out, or take that one out first.'
    throw duplicate(link, twin, { ...spot, pointer: `${spot.pointer}/target` }, advice)
  }
  const sent = Object.entries(link).filter(([name]) => name !== 'id' && fields[name as keyof LinkFields] !== undefined)
  const id = spot.before.some((each) => each.id === twin.id) ? twin.id : link.id
  const moved = { ...twin, ...Object.fromEntries(sent), id }
  if (endsLater.check(moved)) return moved
  const name = fields.endsAt ? 'endsAt' : 'startsAt'
  const detail = `With what the link in the list has already, it would end at ${moved.endsAt} and start at ${moved.startsAt}.`
  throw invalidField(`${spot.pointer}/${name}`, 'invalid', detail)
}

/** The new items of a list, in the place of all that are there. */
export function replaceItems(
  before: StoredLink[],
  sent: LinkFields[],
  { newId, onDuplicate, pointer, places }: ListOptions & { newId: Ids; pointer: string; places: Places },
): StoredLink[] {
  const errors: FieldError[] = []
  const idOf = claims(before, sent, { newId, pointer, errors })
  const known = new Map(before.map((link) => [link.id, link]))
  const links = sent.map((fields, at): StoredLink => {
    const id = isKept(fields) ? (fields.id ?? '') : idOf(fields)
    const old = known.get(id)
    if (isKept(fields) && old) return old
    return linkOf(id, fields, { newId, before: old, pointer: `${pointer}/${at}`, errors })
  })
  if (errors.length > 0) throw invalidFields(errors)
  const stood = byStory(before)
  const placed: ByStory = new Map()
  const items: StoredLink[] = []
  for (const [at, next] of links.entries()) {
    const fields = sent[at] ?? {}
    const twin = twinOf(next, stood, placed)
    const spot = { before, items, onDuplicate, pointer: `${pointer}/${at}` }
    const link = twin ? movedTwin(next, isKept(fields) ? next : fields, twin, spot) : next
    if (twin) items.splice(items.indexOf(twin), 1)
    items.push(link)
    notePlace(places, link.id, fields, spot.pointer)
    const others = (placed.get(storyOf(link)) ?? []).filter((each) => each !== twin)
    placed.set(storyOf(link), [...others, link])
  }
  return items
}

/**
 * The list with no more than it may hold: 409 (or 422 where nothing could be put right) for more, unless it is to be
 * trimmed. What was inserted stays, or the answer would be a success of which nothing is left.
 */
export function fitted(
  content: ListContent,
  { overflow }: ListOptions,
  pointer: string,
  inserted: Set<string> = new Set(),
): ListContent {
  const { items, maxItems } = content
  if (items.filter(({ target }) => isLatest(target)).length > LATEST_MAX) {
    const detail = `At most ${LATEST_MAX} links of a list may be the newest article of a section or tag.`
    throw invalidFields([{ pointer, code: 'too-big', detail }])
  }
  const most = maxItems ?? LINKS_MAX
  const surplus = items.length - most
  if (surplus <= 0) return content
  if (maxItems === null) {
    const detail = `The list is full: ${LINKS_MAX} links are the most.`
    throw invalidFields([{ pointer, code: 'too-big', detail }])
  }
  const spare = items.filter(({ id, pin }) => pin === null && !inserted.has(id))
  if (overflow === 'trim' && spare.length >= surplus) {
    const gone = new Set(spare.slice(spare.length - surplus))
    return { ...content, items: items.filter((each) => !gone.has(each)) }
  }
  const remedies = {
    trim: 'What is pinned, or has just been inserted, is not trimmed.',
    refuse: 'With overflow=trim the last ones give way.',
    none: 'Give it fewer, or raise the `maxItems` of the rail first.',
  }
  const detail = `The rail holds at most ${most} items, and would have ${items.length}. ${remedies[overflow ?? 'none']}`
  throw new Problem('rail-full', detail, {
    errors: [{ pointer, code: 'rail-full', detail }],
    members: { maxItems: most },
  })
}
