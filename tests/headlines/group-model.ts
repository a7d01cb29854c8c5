// What lists show that are resolved together, in the plainest words: who asks for a story gets it unless somebody has it,
// and they ask in the order of these rules. It knows the articles, and looks at all of them for each question.

export interface Story {
  id: string
  section: string
  tags: string[]
  author: string
  publishedAt: string
  /** When readers see it. */
  times: { from: string; until: string }[]
}
interface Filters {
  section?: string
  tag?: string
  author?: string
}
export type Target =
  | { kind: 'article'; id: string }
  | { kind: 'url'; url: string }
  | { kind: 'section' | 'tag'; slug: string; latest: true }
export interface Item {
  id: string
  target: Target | null
  pin: number | null
  startsAt: string | null
  endsAt: string | null
  sublinks: { id: string; target: Target | null }[]
}
export interface List {
  items: Item[]
  maxItems: number | null
  backfill: (Filters & { limit?: number }) | null
}
/** A place in a list: the id of its link or, where nobody has placed it, of its article, and the stories there. */
export interface Shown {
  id: string
  story: string | null
  below: string[]
  isFilled: boolean
}

export function modelOf(lists: List[], stories: Story[], at: string): Shown[][] {
  const visible = stories.filter(({ times }) => times.some(({ from, until }) => from <= at && at < until))
  const newest = ({ section, tag, author }: Filters) =>
    visible
      .filter((each) => section === undefined || each.section === section)
      .filter((each) => tag === undefined || each.tags.includes(tag))
      .filter((each) => author === undefined || each.author === author)
      .toSorted((a, b) =>
        a.publishedAt === b.publishedAt ? (a.id < b.id ? 1 : -1) : a.publishedAt < b.publishedAt ? 1 : -1,
      )
  const isInTime = ({ startsAt, endsAt }: Item) =>
    (startsAt === null || startsAt <= at) && (endsAt === null || at < endsAt)
  const placed = lists.map(({ items }) => items.filter(isInTime))

  /** Sublinks of these links ask only after their link has found a story. */
  const late = new Set<string>()
  for (;;) {
    const owners = new Map<string, string>()
    const ask = (id: string | undefined, owner: string) => {
      if (id === undefined || owners.has(id) || !visible.some((each) => each.id === id)) return undefined
      owners.set(id, owner)
      return id
    }
    const stands = new Map<string, string | null>()
    const below = new Map<string, string[]>()
    const askBelow = ({ id, sublinks }: Item) =>
      below.set(
        id,
        sublinks.flatMap(({ id: own, target }) => {
          if (target?.kind !== 'article') return [own]
          return ask(target.id, own) === undefined ? [] : [own]
        }),
      )
    for (const item of placed.flat()) {
      const { id, target } = item
      const isFound = target?.kind === 'section' || target?.kind === 'tag'
      const story = target?.kind === 'article' ? ask(target.id, id) : null
      if (!isFound && story !== undefined) stands.set(id, story)
      if (isFound ? !late.has(id) : story !== undefined) askBelow(item)
    }
    const idle: Item[] = []
    for (const item of placed.flat()) {
      const { id, target } = item
      if (target?.kind !== 'section' && target?.kind !== 'tag') continue
      const free = newest({ [target.kind]: target.slug }).find((each) => !owners.has(each.id))
      if (free) {
        stands.set(id, ask(free.id, id) ?? null)
        if (late.has(id)) askBelow(item)
      } else idle.push(item)
    }
    const isOwner = ({ sublinks }: Item) => sublinks.some((each) => [...owners.values()].includes(each.id))
    const again = idle.filter((item) => !late.has(item.id) && isOwner(item))
    for (const { id } of again) late.add(id)
    if (again.length > 0) continue

    return lists.map(({ maxItems, backfill }, n) => {
      const own = (placed[n] ?? []).flatMap((item): (Shown & { pin: number | null })[] => {
        const story = stands.get(item.id)
        if (story === undefined) return []
        return [{ id: item.id, story, below: below.get(item.id) ?? [], isFilled: false, pin: item.pin }]
      })
      const { limit, ...filters } = backfill ?? { limit: 0 }
      const most = limit ?? Number.POSITIVE_INFINITY
      const altogether = maxItems ?? (limit === undefined ? 20 : Number.POSITIVE_INFINITY)
      const filled: typeof own = []
      for (const { id } of newest(filters)) {
        if (filled.length >= most || own.length + filled.length >= altogether) break
        if (ask(id, id) !== undefined) filled.push({ id, story: id, below: [], isFilled: true, pin: null })
      }
      return inPlace([...own, ...filled]).map(({ pin: _pin, ...shown }) => shown)
    })
  }
}

/** Each place is for the first pinned link that wants it or an earlier one, and else for the next that has no wish. */
function inPlace<Each extends { pin: number | null }>(items: Each[]): Each[] {
  const wishes = items.filter(({ pin }) => pin !== null).toSorted((a, b) => (a.pin ?? 0) - (b.pin ?? 0))
  const others = items.filter(({ pin }) => pin === null)
  return items.flatMap((_, place) => {
    const wish = wishes[0]
    const next = wish && ((wish.pin ?? 0) <= place || others.length === 0) ? wishes.shift() : others.shift()
    return next ?? []
  })
}
