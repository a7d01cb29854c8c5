import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { articleAt, linksOf, story } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { startTwins, type Twin, type Twins } from '../support/twins.ts'

// Two installations with the same public pieces, one of them with hidden ones too: nobody can tell which is which.

const FAR = '2030-01-01T00:00:00.000Z'
const RAIL = '/v1/editorial/rails/top'
const STAGED = '/v1/editorial/rails/staged'
let twins: Twins
beforeAll(async () => {
  twins = await startTwins({ PAST: 'public' })
  const talks = { target: { kind: 'tag', slug: 'talks', latest: true }, pin: 2 }
  for (const rail of [
    { key: 'top', title: 'Top', backfill: {} },
    { key: 'world', title: 'World', items: [waiting, talks], backfill: { section: 'world' } },
  ])
    await twins.onBoth('a rail', ({ desk }) => desk.post('/v1/editorial/rails', rail))
  const staged = { key: 'staged', title: 'Staged', publishMode: 'staged', items: [{ headline: 'Public' }] }
  await twins.onBoth('a staged rail', ({ desk }) => desk.post('/v1/editorial/rails', staged))
  await twins.onBoth('a staged rail', ({ desk }) => desk.change(`${STAGED}/publish`, 1))
  const front = { key: 'home', title: 'Home', rails: [{ key: 'top' }] }
  await twins.onBoth('a page', ({ desk }) => desk.post('/v1/editorial/fronts', front))
})

interface HiddenLink {
  headline: string
  target: { id?: string; slug?: string } | null
}
interface Piece {
  id: string
  slug: string
}
const terms = (n: number) => ({
  section: { slug: ['world', 'local'][n % 2] ?? '', name: 'A section' },
  tags: [{ slug: ['talks', 'ferries'][n % 2] ?? '', name: 'A tag' }],
  authors: [{ slug: 'jane-doe', name: 'Jane Doe' }],
})
const pointingAt = (ids: string[]) => ids.map((id) => ({ target: { kind: 'article', id } }))
/** A headline that the public sees, and whose story is never public. */
const waiting = { headline: 'Waits for “Its” Story' }
const elsewhere = { headline: 'Elsewhere', target: { kind: 'url', url: 'https://news.example/' } }

/** One round: pieces that the public sees change, and between these writes whatever the desk keeps to itself. */
function round() {
  const open: Piece[] = []
  const live = new Set<string>()
  const hidden: Piece[] = []
  /** Planned updates: a piece that has one is not published again, because the number of its edition would tell. */
  const planned = new Set<string>()
  const instants: string[] = []
  let texts = 0
  const pick = <Each>(from: Each[], n: number): Each | undefined => from[n % Math.max(1, from.length)]
  const putAsNew = ({ desk }: Twin, { id, slug }: Piece, n: number) =>
    desk.put(articleAt(id), story({ slug, ...terms(n) })).set('if-none-match', '*')
  const newPiece = (word: string): Piece => {
    const id = twins.newId()
    return { id, slug: `${word}-${id}` }
  }
  const act = (id: string, what: string, body?: object) => (twin: Twin) =>
    twin.desk.change(`${articleAt(id)}/${what}`, '*', body).expect(200)
  const liveIds = () => [...live]

  async function publish(piece: Piece, n: number): Promise<void> {
    const fields = { headline: `Text ${texts++}`, bodyText: `Text ${texts}.`, slug: piece.slug, ...terms(n) }
    const isNew = !open.includes(piece)
    await twins.onBoth('a text', ({ desk }) => {
      const sent = desk.put(articleAt(piece.id), fields, isNew ? undefined : '*')
      return isNew ? sent.set('if-none-match', '*') : sent
    })
    await twins.onBoth('a publication', ({ desk }) => desk.change(`${articleAt(piece.id)}/publish`, '*'))
    if (isNew) open.push(piece)
    live.add(piece.id)
  }

  /** A hidden piece, which begins as a draft. */
  async function hide(n: number): Promise<Piece> {
    const piece = newPiece('hidden')
    await twins.onOther((twin) => putAsNew(twin, piece, n).expect(201))
    hidden.push(piece)
    return piece
  }

  const open_ = {
    'publishes a new piece': (n: number) => publish(newPiece('open'), n),
    'publishes one again': async (n: number) => {
      const piece = pick(
        open.filter(({ id }) => !planned.has(id)),
        n,
      )
      if (piece) await publish(piece, n)
    },
    'withdraws one': async (n: number) => {
      const id = pick(liveIds(), n)
      if (id === undefined) return
      await twins.onBoth('a withdrawal', ({ desk }) => desk.change(`${articleAt(id)}/withdraw`, '*'))
      live.delete(id)
    },
    'links pieces': async (n: number) => {
      const id = pick(liveIds(), n)
      const items = [...pointingAt(open.map((each) => each.id)).slice(n % 2), elsewhere, waiting]
      if (id) await twins.onBoth('links', ({ desk }) => desk.put(linksOf(id), { items }, '*'))
    },
    'fills the rail': async (n: number) => {
      const items = [elsewhere, waiting, ...pointingAt(liveIds()).slice(n % 2)]
      await twins.onBoth('a rail', ({ desk }) => desk.put(`${RAIL}/items`, { items }, '*'))
    },
  }

  /**
   * The list as it stands, with links between to what is hidden, be it by its target or by its own time, pinned or not,
   * and with notes.
   */
  async function addHiddenLinks(path: string, put: string): Promise<void> {
    await twins.onOther(async ({ desk }) => {
      const { items, version } = (await desk.get(path).expect(200)).body
      const isHidden = ({ headline, target }: HiddenLink) =>
        headline === 'Hidden' || target?.slug === 'no-such-tag' || hidden.some(({ id }) => id === target?.id)
      const kept = items
        .filter((link: HiddenLink) => !isHidden(link))
        .map(({ position: _position, state: _state, ...link }: Record<string, unknown>) => ({ ...link, note: 'Hm' }))
      const [first, ...rest] = pointingAt(hidden.map(({ id }) => id).slice(0, 3))
      // What readers see elsewhere in the list, and would miss if it stood here.
      const sublinks = pointingAt(liveIds().slice(0, 2))
      const later = { headline: 'Hidden', startsAt: '2031-01-01T00:00:00Z', pin: 0, sublinks }
      const over = { headline: 'Hidden', endsAt: '2026-01-01T00:00:00Z', target: { kind: 'rail', key: 'hidden' } }
      const nothing = { target: { kind: 'tag', slug: 'no-such-tag', latest: true }, pin: 1, sublinks }
      const all = [...rest, later, ...kept, nothing, over, ...(first ? [{ ...first, pin: 0, sublinks }] : [])]
      await desk.put(put, { items: all }, version).expect(200)
    })
  }

  const hiding: Record<string, (n: number) => Promise<unknown>> = {
    'a draft': hide,
    'a scheduled piece': async (n) => {
      const { id } = await hide(n)
      await twins.onOther(act(id, 'publish', { liveFrom: FAR, embargo: n % 2 === 0 }))
      if (n % 3 === 0) await twins.onOther(act(id, 'unschedule'))
    },
    'a story that a headline waits for': async (n) => {
      const piece = newPiece('waited-for')
      const fields = story({ headline: "WAITS for 'its' story", slug: piece.slug, ...terms(n) })
      const made = ({ desk }: Twin) => desk.put(articleAt(piece.id), fields).set('if-none-match', '*').expect(201)
      await twins.onOther(made)
      hidden.push(piece)
      if (n % 3 !== 0) await twins.onOther(act(piece.id, 'publish', { liveFrom: FAR, embargo: n % 2 === 0 }))
    },
    'a headline of a draft that waits for what comes': async (n) => {
      const { id } = await hide(n)
      const items = [{ headline: `Text ${texts}` }, waiting, { headline: `Text ${texts + 1}` }]
      await twins.onOther(({ desk }) => desk.put(linksOf(id), { items }, 0).expect(200))
    },
    'a draft in the trash': async (n) => {
      const { id } = await hide(n)
      await twins.onOther(({ desk }) => desk.delete(articleAt(id), '*').expect(200))
      if (n % 2 === 0)
        await twins.onOther(({ desk }) => desk.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204))
      if (n % 2 === 0) hidden.pop()
    },
    'another text of an open piece': async (n) => {
      const piece = pick(open, n)
      const pending = { headline: 'Pending', slug: `pending-${twins.newId()}`, ...terms(n + 1), notes: 'Hm' }
      if (piece) await twins.onOther(({ desk }) => desk.patch(articleAt(piece.id), pending, '*').expect(200))
    },
    'an update that is planned': async (n) => {
      const id = pick(liveIds(), n)
      if (id === undefined) return
      await twins.onOther(act(id, 'publish', { liveFrom: FAR, kind: 'correction', text: 'Was wrong' }))
      planned.add(id)
    },
    'links to what is hidden': async (n) => {
      const id = pick(liveIds(), n)
      if (id) await addHiddenLinks(linksOf(id), linksOf(id))
    },
    'entries of the rail that are hidden': () => addHiddenLinks(RAIL, `${RAIL}/items`),
    'a draft of a staged rail': async (n) => {
      const items = [{ headline: `Draft ${n}` }]
      await twins.onOther(({ desk }) => desk.put(`${STAGED}/items`, { items }, '*').expect(200))
      const verb = n % 3 === 0 ? 'discard' : 'publish'
      await twins.onOther(({ desk }) =>
        desk.change(`${STAGED}/${verb}`, '*', n % 3 === 0 ? undefined : { liveFrom: FAR }),
      )
    },
    'a page with a rail that readers do not have': async () => {
      const rails = [{ key: 'top' }, { key: 'never' }]
      await twins.onOther(({ desk }) => desk.post('/v1/editorial/rails', NEVER))
      await twins.onOther(({ desk }) => desk.patch('/v1/editorial/fronts/home', { rails }, '*').expect(200))
    },
    'what the rail will hold': async (n) => {
      await twins.onOther(({ app }) =>
        app.db.write((tx) => {
          const { rails } = app.services
          const release = twins.newId()
          const plan = () => rails.planIn(tx, DESK, 'top', { items: [{ headline: 'Planned' }] }, FAR, release)
          return plan().then(
            () => (n % 2 === 0 ? rails.unplanIn(tx, DESK, 'top', release) : undefined),
            () => undefined,
          )
        }),
      )
    },
    'a lock and a key': async (n) => {
      const piece = pick(open, n)
      await twins.onOther(({ app }) => app.services.access.create('Another', 'editor'))
      if (!piece) return
      const lock = { articleId: piece.id, holderId: twins.newId(), holderName: 'X', since: twins.now(), until: FAR }
      await twins.onOther(({ app }) =>
        app.db.write((tx) => tx.insert(app.db.tables.articleLocks).values(lock).onConflictDoNothing()),
      )
    },
  }

  /** Pieces that were public before anybody looked. */
  async function prehistory(): Promise<void> {
    const [withdrawn, binned, killed] = [await hide(0), await hide(1), await hide(2)]
    for (const { id } of [withdrawn, binned, killed]) await twins.onOther(act(id, 'publish'))
    await twins.onOther(act(withdrawn.id, 'withdraw'))
    await twins.onOther(({ desk }) => desk.delete(articleAt(binned.id), '*').expect(200))
    await twins.onOther(act(killed.id, 'kill', { reason: 'legal' }))
    hidden.pop()
  }

  /** All that the feed tells after a place, without the ids, which are made by chance; and the place after it. */
  async function told({ app }: Twin, after?: string): Promise<{ data: object[]; next: string }> {
    const data: object[] = []
    for (let next = after; ; ) {
      const { body } = await app.nobody.get(`/v1/changes?limit=100${next ? `&after=${next}` : ''}`).expect(200)
      if (body.data.length === 0) return { data, next: body.page.next }
      data.push(...body.data.map(({ id: _id, ...event }: { id: string }) => event))
      next = body.page.next
    }
  }
  const begins: string[] = []
  /** From here on the feeds of both are the same. */
  async function listen(): Promise<void> {
    for (const twin of [twins.plain, twins.other]) begins.push((await told(twin)).next)
  }

  async function compare(): Promise<number> {
    const [plain, other] = await Promise.all([twins.plain, twins.other].map((twin, n) => told(twin, begins[n])))
    expect(other?.data, 'the feed of changes').toEqual(plain?.data)
    expect(plain?.data.length).toBeGreaterThan(1)

    instants.push(twins.now())
    const keys = [...open.slice(-3), ...hidden.slice(-5)].flatMap(({ id, slug }) => [id, slug])
    const ats = [...instants.slice(-2), FAR].map((at) => `at=${encodeURIComponent(at)}`)
    const paths = [
      ...[
        '',
        'limit=1',
        'limit=2&section=world',
        'tag=talks&limit=1',
        'author=jane-doe&body=html,text',
        'language=en&sort=-updatedAt&count=exact&limit=2',
        'q=council&sort=relevance&count=exact&limit=2',
        'sort=publishedAt&include=headlines&fields=id,headlines',
        `ids=${keys.filter((key) => /^[0-9a-f-]{36}$/.test(key)).join()}&count=exact`,
        ...ats,
        'embargoed=true',
      ].map((query) => `/v1/articles?${query}`),
      '/v1/rails?limit=1',
      ...['sections', 'tags/talks', 'authors?limit=1', 'search?q=council&limit=2'].map((path) => `/v1/${path}`),
      ...['top', 'world'].flatMap((key) => ['', ...ats].map((at) => `/v1/rails/${key}?${at}`)),
      ...['/v1/fronts?limit=1', '/v1/fronts/home', ...ats.map((at) => `/v1/fronts/home?${at}`)],
      ...keys.flatMap((key) => [
        `/v1/articles/${key}`,
        `/v1/articles/${key}/headlines`,
        `/v1/articles/${key}?body=blocks&${ats[0]}`,
        ...['html', 'ninjs'].map((format) => `/v1/articles/${key}?format=${format}`),
        `/v1/resolve?path=/v1/articles/${key}`,
      ]),
    ]
    const seen = new Set(paths)
    for (const path of seen) {
      const { headers, body } = await twins.ask(path, ({ app }) => app.nobody.get(path))
      const { etag } = headers
      if (etag) await twins.ask(`${path} again`, ({ app }) => app.nobody.get(path).set('if-none-match', etag))
      if (path.includes('limit') || path.includes('embargoed'))
        await twins.ask(path, ({ partner }) => partner.get(path))
      for (const cursor of [body?.page?.next, body?.page?.previous]) {
        const page = cursor && `${path.replace(/&cursor=.*/, '')}&cursor=${cursor}`
        if (page && seen.size < paths.length + 20) seen.add(page)
      }
    }
    return seen.size
  }
  return { open: open_, hiding, prehistory, listen, compare, hidden, live }
}
const NEVER = { key: 'never', title: 'Never', publishMode: 'staged', items: [{ headline: 'Hidden' }] }
const DESK = {
  id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  name: 'X',
  role: 'admin' as const,
  scopes: ['rails:write' as const],
}

const openNames = [
  'publishes a new piece',
  'publishes one again',
  'withdraws one',
  'links pieces',
  'fills the rail',
] as const
const hidingNames = [
  'a draft',
  'a scheduled piece',
  'a story that a headline waits for',
  'a headline of a draft that waits for what comes',
  'a draft in the trash',
  'another text of an open piece',
  'an update that is planned',
  'links to what is hidden',
  'entries of the rail that are hidden',
  'a draft of a staged rail',
  'a page with a rail that readers do not have',
  'what the rail will hold',
  'a lock and a key',
]
const step = fc.record({
  open: fc.constantFrom(...openNames),
  hide: fc.array(fc.constantFrom(...hidingNames), { maxLength: 3 }),
  n: fc.nat(11),
})

it(
  'what is hidden makes no difference to any answer to readers: no count, no order, no page, no tag, no refusal',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 7 }), async (steps) => {
        const { open, hiding, prehistory, listen, compare, hidden } = round()
        await prehistory()
        await listen()
        await open['publishes a new piece'](0)
        await open['publishes a new piece'](1)
        for (const { open: what, hide, n } of steps) {
          await open[what](n)
          for (const name of hide) await hiding[name]?.(n)
        }
        expect(await compare()).toBeGreaterThan(20)
        expect(hidden.length).toBeGreaterThan(1)
      }),
      { numRuns: rounds, endOnFailure: true },
    )
  },
  60_000 * rounds,
)
