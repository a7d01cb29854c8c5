import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'
import { type Edition, Piece, type Words } from './model.ts'
import { found, HOUR, type Step, step } from './model-steps.ts'

/** A clock that stands still until it is told to go, so that the model knows each instant. */
let now = Date.parse('2026-11-22T12:00:00.000Z')
const clock = {
  now: () => iso(now),
  pass: (ms: number) => {
    now += ms
  },
}
const iso = (ms: number) => new Date(ms).toISOString()

let app: TestApp
let keys: { editor: string; admin: string }
beforeAll(async () => {
  app = await startApp({ clock })
  const make = async (role: 'editor' | 'admin') => (await app.withRole(role)).key ?? ''
  keys = { editor: await make('editor'), admin: await make('admin') }
})

/** Thousands of requests: past the sockets, but through everything else. */
async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, key?: string, payload?: object) {
  const headers = {
    ...(key && { authorization: `Bearer ${key}` }),
    ...(method !== 'GET' && { 'if-match': '*' }),
  }
  const answer = await app.app.inject({ method, url, headers, ...(payload && { payload }) })
  if (answer.statusCode >= 500) throw new Error(`${method} ${url} answered ${answer.body}`)
  return { status: answer.statusCode, location: answer.headers.location, body: answer.body ? answer.json() : undefined }
}

let run = 0
const done = new Map<string, number>()

class World {
  readonly name = `run-${++run}`
  readonly pieces: Piece[] = []

  /** Words of this run alone: its slugs are nobody else's, and a tag tells its articles from those of others. */
  own(n: number, { slug, section, ...rest }: Partial<Words>): Partial<Words> {
    return { ...rest, ...(slug && { slug: `${this.name}-${n}-${slug}` }), ...(section && { section }) }
  }
  sent = ({ headline, slug, section, tag }: Words) => ({
    headline,
    slug,
    section: { name: `${this.name}-${section}` },
    tags: [{ name: this.name }, { name: `${this.name}-${tag}` }],
  })

  async begin(): Promise<void> {
    // What was planned in earlier runs is over, and their articles are further down in every list.
    now += 100 * HOUR
    for (let n = 0; n < 3; n++) {
      const first = this.own(n, { headline: 'Draft', slug: 'a', section: 'home', tag: 'rain' }) as Words
      const { status, body } = await ask('POST', ARTICLES, keys.editor, this.sent(first))
      expect(status).toBe(201)
      this.pieces.push(new Piece(body.id, first))
    }
  }

  async take({ time, piece: n, act }: Step): Promise<void> {
    now += time
    const piece = this.pieces[n]
    if (!piece) return
    const at = articleAt(piece.id)
    const name = 'do' in act ? act.do : Object.keys(act).join()
    if (name === 'nothing') return
    if (name === 'tick') return void (await app.services.ticker.tick())
    const [expected, got] = await this.both(piece, n, at, act)
    expect(got.status, `${name}: ${JSON.stringify(got.body)}`).toBe(expected)
    done.set(`${name} ${expected}`, (done.get(`${name} ${expected}`) ?? 0) + 1)
  }

  /** What the model says to an act, and what the program does. */
  private async both(piece: Piece, n: number, at: string, act: Step['act']) {
    if ('publish' in act) {
      const { liveFrom, liveUntil, ...rest } = act.publish
      const text = rest.kind === 'correction' ? { text: `Correction ${piece.version}` } : {}
      const times = <Instant>(as: (ms: number) => Instant) => ({
        ...(liveFrom !== undefined && { liveFrom: as(now + liveFrom) }),
        ...(liveUntil !== undefined && { liveUntil: as(now + liveUntil) }),
      })
      const asked = { ...rest, ...text, ...times(iso) }
      const expected = piece.publish(now, { ...rest, ...text, ...times((ms) => ms) })
      return [expected, await ask('POST', `${at}/publish`, keys.editor, asked)] as const
    }
    if ('edit' in act) {
      const changed = this.own(n, act.edit)
      const whole = this.sent({ ...piece.words, ...changed })
      return [piece.edit(changed), await ask('PATCH', at, keys.editor, whole)] as const
    }
    switch (act.do) {
      case 'trash':
        return [piece.trash(now), await ask('DELETE', at, keys.editor)] as const
      case 'kill':
        return [piece.kill(now), await ask('POST', `${at}/kill`, keys.editor, { reason: 'legal' })] as const
      case 'erase':
        return [piece.erase(), await ask('POST', `${at}/erase`, keys.admin, { confirm: piece.id })] as const
      case 'unschedule':
      case 'withdraw':
      case 'restore':
        return [piece[act.do](now), await ask('POST', `${at}/${act.do}`, keys.editor)] as const
      default:
        throw new Error(`${act.do} is nothing that the model knows`)
    }
  }

  /** What readers and the desk have to see now. */
  async compare({ glance, look }: Step): Promise<void> {
    for (const piece of this.pieces) {
      await this.compareReader(piece, now, '')
      await this.compareReader(piece, now + glance, `&at=${iso(now + glance)}`)
    }
    await this.compareList(now, `tag=${this.name}`)
    const [first] = this.pieces
    const others = [
      () => this.compareList(now, `section=${this.name}-home`, ({ words }) => words.section === 'home'),
      () => this.compareList(now, `tag=${this.name}-sun`, ({ words }) => words.tag === 'sun'),
      () => this.compareList(now, ''),
      () => this.compareList(now + glance, `tag=${this.name}&at=${iso(now + glance)}`),
      () =>
        this.compareList(
          now + glance,
          `section=${this.name}-home&at=${iso(now + glance)}`,
          ({ words }) => words.section === 'home',
        ),
      () => this.compareDesk(),
      () => this.compareStates(),
      () => this.compareEmbargo(),
      async () => {
        for (const slug of ['a', 'b', 'c']) if (first) await this.compareSlug(first, `${this.name}-0-${slug}`, now, '')
      },
      async () => {
        for (const slug of ['a', 'b', 'c'])
          if (first) await this.compareSlug(first, `${this.name}-0-${slug}`, now + glance, `?at=${iso(now + glance)}`)
      },
    ]
    await others[look % others.length]?.()
  }

  private async compareReader(piece: Piece, at: number, query: string): Promise<void> {
    const { status, body } = await ask('GET', `/v1/articles/${piece.id}?body=none${query}`, query && keys.editor)
    const edition = piece.at(at)
    if (edition) expect({ status, ...told(body) }, query).toEqual({ status: 200, ...shownAs(piece, edition) })
    else expect(status, query).toBe(isGone(piece, now) ? 410 : 404)
  }

  private async compareList(at: number, query: string, holds: (each: Edition) => boolean = () => true): Promise<void> {
    const key = query.includes('at=') ? keys.editor : undefined
    const { body } = await ask('GET', `/v1/articles?limit=100&${query}`, key)
    const expected = this.pieces
      .flatMap((piece) => {
        const edition = piece.at(at)
        return edition && holds(edition) ? [{ piece, edition }] : []
      })
      .sort((a, b) => b.edition.publishedAt - a.edition.publishedAt || (a.piece.id < b.piece.id ? 1 : -1))
      .map(({ piece, edition }) => shownAs(piece, edition))
    // Without a filter the articles of earlier runs follow.
    const listed = query === '' ? body.data.filter(({ slug }: Words) => slug.startsWith(`${this.name}-`)) : body.data
    expect(listed.map(told), query).toEqual(expected)
  }

  private async compareSlug(piece: Piece, slug: string, at: number, query: string): Promise<void> {
    const { status, location } = await ask('GET', `/v1/articles/${slug}${query}`, query && keys.editor)
    const edition = piece.isKnownAs(slug, at) ? piece.at(at) : undefined
    if (edition?.words.slug === slug) expect(status, slug).toBe(200)
    else if (edition) expect([status, location]).toEqual([301, `/v1/articles/${edition.words.slug}${query}`])
    else expect(status, slug).toBe(piece.fate === 'killed' && piece.isKnownAs(slug, at) ? 410 : 404)
  }

  private async compareDesk(): Promise<void> {
    for (const piece of this.pieces) {
      const { status, body } = await ask('GET', articleAt(piece.id), keys.editor)
      if (piece.fate === 'erased') expect(status).toBe(404)
      if (piece.fate === 'erased') continue
      const ahead = piece.fate === 'killed' ? undefined : piece.ahead(now)
      expect(body).toMatchObject({
        version: piece.version,
        state: piece.state(now),
        edition: piece.editions,
        publishedAt: piece.wasPublic(now) ? iso(piece.past[0]?.from ?? piece.plan?.from ?? 0) : null,
        scheduled: ahead ? { liveFrom: iso(ahead.from), liveUntil: end(ahead.until), embargo: ahead.embargo } : null,
      })
    }
  }

  private async compareStates(): Promise<void> {
    for (const state of ['draft', 'scheduled', 'live', 'liveWithChanges', 'withdrawn', 'killed', 'trashed']) {
      const { body } = await ask('GET', `${ARTICLES}?limit=100&state=${state}`, keys.editor)
      const ids = body.data.map(({ id }: { id: string }) => id)
      const expected = this.pieces.filter((piece) => piece.state(now) === state).map(({ id }) => id)
      expect(
        this.pieces.map(({ id }) => id).filter((id) => ids.includes(id)),
        state,
      ).toEqual(expected)
    }
  }

  private async compareEmbargo(): Promise<void> {
    const expected = this.pieces.flatMap((piece) => {
      const ahead = piece.fate === 'alive' ? piece.ahead(now) : undefined
      return ahead?.embargo ? [{ ...shownAs(piece, ahead), embargoedUntil: iso(ahead.from) }] : []
    })
    const { body } = await ask('GET', `/v1/articles?limit=100&embargoed=true&tag=${this.name}`, keys.editor)
    const listed = body.data.map((each: Told) => ({ ...told(each), embargoedUntil: each.embargoedUntil }))
    expect(listed.toSorted(byId)).toEqual(expected.toSorted(byId))
  }
}

type Told = Record<'id' | 'edition' | 'headline' | 'slug' | 'publishedAt' | 'updatedAt' | 'embargoedUntil', unknown> & {
  corrections: { text: string; publishedAt: string }[]
}
const told = ({ id, edition, headline, slug, publishedAt, updatedAt, corrections }: Told) => ({
  ...{ id, edition, headline, slug, publishedAt, updatedAt },
  corrections: corrections.map(({ text, publishedAt: at }) => ({ text, at })),
})
const shownAs = ({ id }: Piece, { number, words, publishedAt, updatedAt, corrections }: Edition) => ({
  ...{ id, edition: number, headline: words.headline, slug: words.slug },
  publishedAt: iso(publishedAt),
  updatedAt: iso(updatedAt),
  corrections: corrections.map(({ text, at }) => ({ text, at: iso(at) })),
})
const isGone = (piece: Piece, at: number) =>
  piece.fate === 'killed' || (piece.fate === 'erased' && (piece.wasKilled || piece.wasPublic(at)))
const end = (until: number) => (Number.isFinite(until) ? iso(until) : null)
const byId = (a: { id: unknown }, b: { id: unknown }) => (String(a.id) < String(b.id) ? -1 : 1)

it('whatever the desk does and however the clock goes, readers see what a list of intervals says', {
  timeout: 30_000 * rounds,
}, async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 20, size: 'max' }), async (each) => {
      const world = new World()
      await world.begin()
      for (const one of each) {
        steps++
        await world.take(one)
        await world.compare(one)
      }
    }),
    {
      numRuns: found.length + 6 * rounds,
      examples: found.map((each) => [each]),
      // Making a failure smaller must not take so long that nobody hears of it.
      interruptAfterTimeLimit: 25_000 * rounds,
    },
  )
  expect(steps).toBeGreaterThan(50 * rounds)
  if (rounds < 30) return
  for (const name of ['publish', 'edit', 'unschedule', 'withdraw', 'trash', 'restore', 'kill'])
    expect([...done.keys()]).toContain(`${name} 200`)
  for (const did of ['publish 422', 'publish 409', 'erase 204', 'edit 404']) expect([...done.keys()]).toContain(did)
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
