import type { Ids } from '../shared/ids.ts'
import { type FieldError, Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import {
  isKept,
  isLatest,
  LATEST_MAX,
  LINKS_MAX,
  type LinkFields,
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
  const unclaimed = new Map(before.map((link) => [link.id, link]))
  sent.forEach(({ id }, at) => {
    if (id === undefined || unclaimed.delete(id)) return
    const isTwice = before.some((link) => link.id === id)
    const detail = isTwice
      ? 'This link is in the list twice.'
      : 'This list has no link with this id. Leave it out for a new link.'
    errors.push({ pointer: `${pointer}/${at}/id`, code: isTwice ? 'duplicate' : 'unknown-link', detail })
  })
  return ({ id, target = null, headline = null }: Named): string => {
    if (id !== undefined) return id
    const wanted = sameness({ target, headline })
    for (const link of unclaimed.values()) {
      if (sameness(link) === wanted && unclaimed.delete(link.id)) return link.id
    }
    return newId()
  }
}

type Story = Pick<StoredLink, 'id' | 'target' | 'headline'>

/** What makes two links the same story: what they point at, or for pending ones the headline. */
function sameness({ target, headline }: Pick<Story, 'target' | 'headline'>): string {
  switch (target?.kind) {
    case 'article':
      return `article ${target.id}`
    case 'url':
      return `url ${URL.parse(target.url)?.href ?? target.url}`
    case 'rail':
      return `rail ${target.key}`
    case 'section':
    case 'tag':
      return `${target.kind} ${target.slug}${target.latest ? ' latest' : ''}`
    default:
      return `pending ${headline}`
  }
}

/**
 * Another link of the list that points at the same, if that is news: what stood there twice already may stay, so that
 * nobody is kept from other changes by it. Pending headlines may be the same: they are words, and not yet a story, and
 * a document that has a line twice is taken as it is.
 */
function twinOf(link: StoredLink, before: StoredLink[], others: StoredLink[]): StoredLink | undefined {
  if (link.target === null) return undefined
  const key = sameness(link)
  const stood = new Map(before.map((each) => [each.id, each]))
  const isOld = ({ id }: StoredLink) => {
    const old = stood.get(id)
    return old !== undefined && old.target !== null && sameness(old) === key
  }
  const twins = others.filter((each) => each.id !== link.id && each.target !== null && sameness(each) === key)
  return isOld(link) ? twins.find((each) => !isOld(each)) : twins[0]
}

/** Throws 409 where a link of `items` has become the twin of another. */
export function refuseTwin(link: StoredLink, before: StoredLink[], items: StoredLink[], pointer: string): void {
  const twin = twinOf(link, before, items)
  if (twin) throw duplicate(link, twin, { before, items, pointer })
}

/** Among which links one comes, and where it was sent. */
type Coming = Pick<ListOptions, 'onDuplicate'> & { before: StoredLink[]; items: StoredLink[]; pointer: string }

function duplicate(link: StoredLink, twin: StoredLink, { before, items, onDuplicate, pointer }: Coming) {
  const isKnown = ({ id }: StoredLink) => before.some((each) => each.id === id)
  const position = items.indexOf(twin)
  // What has only just been sent has no id that anybody knows.
  const id = [twin, link].find(isKnown)?.id ?? null
  const name = id === null ? `the one at ${position}` : `${id}, at ${position}`
  const remedy = onDuplicate
    ? 'With onDuplicate=move that one is moved instead.'
    : 'Leave this one out, or take that one out first.'
  const detail = `The list has a link to this already: ${name}. ${remedy}`
  return new Problem('duplicate-item', detail, {
    errors: [{ pointer, code: 'duplicate-item', detail }],
    members: { existing: { id, position } },
  })
}

/**
 * A link that is about to come, or the one that points at the same already and takes over what was sent, with the list
 * without it; 409 unless such a one is to be moved.
 */
export function comingLink(
  link: StoredLink,
  fields: LinkFields,
  { before, items, onDuplicate, pointer }: Coming,
): { link: StoredLink; others: StoredLink[] } {
  const twin = twinOf(link, before, items)
  if (!twin) return { link, others: items }
  if (onDuplicate !== 'move') throw duplicate(link, twin, { before, items, onDuplicate, pointer })
  const sent = Object.entries(link).filter(([name]) => name !== 'id' && fields[name as keyof LinkFields] !== undefined)
  const id = before.some((each) => each.id === twin.id) ? twin.id : link.id
  return { link: { ...twin, ...Object.fromEntries(sent), id }, others: items.filter((each) => each !== twin) }
}

/** The new items of a list, in the place of all that are there. */
export function replaceItems(
  before: StoredLink[],
  sent: LinkFields[],
  { newId, onDuplicate, pointer }: ListOptions & { newId: Ids; pointer: string },
): StoredLink[] {
  const errors: FieldError[] = []
  const idOf = claims(before, sent, { newId, pointer, errors })
  const stood = new Map(before.map((link) => [link.id, link]))
  const links = sent.map((fields, at): StoredLink => {
    const id = isKept(fields) ? (fields.id ?? '') : idOf(fields)
    const old = stood.get(id)
    if (isKept(fields) && old) return old
    return linkOf(id, fields, { newId, before: old, pointer: `${pointer}/${at}`, errors })
  })
  if (errors.length > 0) throw invalidFields(errors)
  let items: StoredLink[] = []
  for (const [at, fields] of sent.entries()) {
    const next = links[at]
    if (next === undefined) continue
    const place = { before, items, onDuplicate, pointer: `${pointer}/${at}/target` }
    const { link, others } = comingLink(next, isKept(fields) ? next : fields, place)
    items = [...others, link]
  }
  return items
}

/** The list with no more than it may hold: 409 (or 422 where nothing could be put right) for more, unless it is to be trimmed. */
export function fitted(content: ListContent, { overflow }: ListOptions, pointer: string): ListContent {
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
  const spare = items.filter(({ pin }) => pin === null)
  if (overflow === 'trim' && spare.length >= surplus) {
    const gone = new Set(spare.slice(spare.length - surplus))
    return { ...content, items: items.filter((each) => !gone.has(each)) }
  }
  const remedies = {
    trim: 'Pinned items are not trimmed.',
    refuse: 'With overflow=trim the last ones give way.',
    none: 'Give it fewer, or raise the `maxItems` of the rail first.',
  }
  const detail = `The rail holds at most ${most} items, and would have ${items.length}. ${remedies[overflow ?? 'none']}`
  throw new Problem('rail-full', detail, {
    errors: [{ pointer, code: 'rail-full', detail }],
    members: { maxItems: most },
  })
}
