import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS, railAt, release, releaseAt } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

const SCHEDULE = '/v1/editorial/schedule'
const HOUR = 3_600_000
const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()
const publish = (id: string, body: object) => desk.change(`${articleAt(id)}/publish`, '*', body)
const listed = async (query = '?limit=100') => (await desk.get(`${SCHEDULE}${query}`).expect(200)).body.data

describe('the schedule', () => {
  it('tells what will begin, change and end, with what it is about', async () => {
    const fresh = await draft(desk, { headline: 'Embargoed' })
    const live = await published(desk, { headline: 'Before' })
    await desk.patch(articleAt(live.id), { headline: 'After' }, 2).expect(200)
    const [one, two, three] = [inMs(HOUR), inMs(2 * HOUR), inMs(3 * HOUR)]
    await publish(fresh.id, { liveFrom: one, liveUntil: three, embargo: true }).expect(200)
    await publish(live.id, { liveFrom: two }).expect(200)
    const entry = { edition: 1, version: 1, articleId: fresh.id, headline: 'Embargoed', embargo: true }
    expect(await listed()).toEqual([
      { at: one, kind: 'publish', ...entry },
      { at: two, kind: 'update', articleId: live.id, headline: 'After', edition: 2, version: 3, embargo: false },
      { at: three, kind: 'expire', ...entry },
    ])
    expect(await listed(`?until=${two}`)).toHaveLength(2)
    expect(await listed(`?until=${encodeURIComponent(`${one.slice(0, -1)}+01:00`)}`)).toEqual([])
    clock.pass(HOUR)
    expect((await listed()).map(({ kind }: { kind: string }) => kind)).toEqual(['update', 'expire'])
    await desk.change(`${articleAt(live.id)}/unschedule`, '*').expect(200)
    await desk.change(`${articleAt(fresh.id)}/withdraw`, '*').expect(200)
    expect(await listed()).toEqual([])
  })

  it('tells an end that another edition follows at once as no end', async () => {
    const { id } = await published(desk)
    const [end, later] = [inMs(HOUR), inMs(2 * HOUR)]
    const kinds = async () => (await listed()).map(({ kind, at }: { kind: string; at: string }) => [kind, at])
    await publish(id, { liveUntil: end }).expect(200)
    expect(await kinds()).toEqual([['expire', end]])
    await publish(id, { liveFrom: end }).expect(200)
    expect(await kinds()).toEqual([['update', end]])
    await publish(id, { liveFrom: later }).expect(200)
    expect(await kinds()).toEqual([
      ['expire', end],
      ['publish', later],
    ])
    await desk.delete(articleAt(id), '*').expect(200)
    expect(await kinds()).toEqual([])
  })

  it('tells a release with its pieces, and nothing of one that is open or cancelled', async () => {
    const { id } = await draft(desk, { headline: 'In it' })
    await desk.post(RAILS, { key: 'in-it', title: 'In it' }).expect(201)
    const { id: releaseId } = await release(desk, [
      { kind: 'article', id },
      { kind: 'rail', key: 'in-it', items: [{ headline: 'New' }] },
    ])
    expect(await listed()).toEqual([])
    const at = inMs(HOUR)
    await desk.change(`${releaseAt(releaseId)}/schedule`, 1, { liveFrom: at }).expect(200)
    const entries = await listed()
    expect(entries).toHaveLength(3)
    expect(entries).toContainEqual({ at, kind: 'release', title: 'The results', releaseId })
    expect(entries).toContainEqual({ at, kind: 'railChange', railKey: 'in-it', title: 'In it', version: 2, releaseId })
    expect(entries).toContainEqual(expect.objectContaining({ at, kind: 'publish', articleId: id, releaseId }))
    await desk.change(`${releaseAt(releaseId)}/cancel`, 2).expect(200)
    expect(await listed()).toEqual([])
  })

  it('is for keys that may publish', async () => {
    for (const role of ['reader', 'partner', 'contributor'] as const)
      await (await app.withRole(role)).get(SCHEDULE).expect(403)
    await desk.get(`${SCHEDULE}?until=2026-02-30T00:00:00Z`).expect(400)
    await desk.get(`${SCHEDULE}?kind=publish`).expect(400)
    await desk.get(`${SCHEDULE}?cursor=x`).expect(400)
  })
})

const step = fc.record({
  piece: fc.nat(2),
  does: fc.constantFrom(
    'publish',
    'schedule',
    'schedule',
    'withdraw',
    'unschedule',
    'edit',
    'release',
    'cancel',
    'wait',
  ),
  from: fc.integer({ min: 1, max: 8 }),
  lasts: fc.option(fc.integer({ min: 1, max: 5 })),
  ticks: fc.boolean(),
})

it('the schedule is what readers will see change, whatever was done before, and its pages have each entry once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 10 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, limit) => {
        const articles = [await draft(desk), await draft(desk), await draft(desk)].map(({ id }) => id)
        const key = `rail-${articles[0]}`
        await desk.post(RAILS, { key, title: 'Rail' }).expect(201)
        let open = ''
        for (const { piece, does, from, lasts, ticks } of steps) {
          const id = articles[piece] ?? ''
          const liveFrom = inMs(from * HOUR)
          const liveUntil = lasts === null ? null : inMs((from + lasts) * HOUR)
          const acts = {
            publish: () => publish(id, { liveUntil }),
            schedule: () => publish(id, { liveFrom, liveUntil }),
            withdraw: () => desk.change(`${articleAt(id)}/withdraw`, '*'),
            unschedule: () => desk.change(`${articleAt(id)}/unschedule`, '*'),
            edit: () => desk.patch(articleAt(id), { kicker: clock.now() }, '*'),
            release: async () => {
              const items = [
                { kind: 'article', id },
                { kind: 'rail', key, items: [{ headline: clock.now() }] },
              ]
              open = (await release(desk, items)).id
              return desk.change(`${releaseAt(open)}/schedule`, 1, { liveFrom })
            },
            cancel: () => desk.change(`${releaseAt(open || crypto.randomUUID())}/cancel`, '*'),
            wait: async () => {
              clock.pass((from * HOUR) / 2)
              return { status: 200 }
            },
          }
          expect([200, 404, 409]).toContain((await acts[does]()).status)
          if (ticks) await app.services.ticker.tick()
        }
        // What the editions say, looked at as a whole: the instants at which what is visible changes from now on.
        const { editions, listEditions } = app.db.tables
        const now = clock.now()
        const all = (await app.db.read.select().from(editions)).filter((each) => each.liveFrom < each.liveUntil)
        const expected = articles.flatMap((id) => {
          const own = all.filter(({ articleId }) => articleId === id)
          const begin = own.filter(({ liveFrom }) => liveFrom > now)
          const end = own.filter(
            ({ liveUntil }) =>
              liveUntil > now && liveUntil < '9999' && !own.some(({ liveFrom }) => liveFrom === liveUntil),
          )
          const isSeen = (at: string) => own.some(({ liveUntil }) => liveUntil === at)
          return [
            ...begin.map(({ liveFrom: at }) => `${at} ${id} ${isSeen(at) ? 'update' : 'publish'}`),
            ...end.map(({ liveUntil: at }) => `${at} ${id} expire`),
          ]
        })
        const lists = (await app.db.read.select().from(listEditions)).filter(
          (each) => each.key === key && each.liveFrom < each.liveUntil && each.liveFrom > now,
        )
        expected.push(...lists.map(({ liveFrom: at }) => `${at} ${key} railChange`))
        const walked: { at: string; kind: string; articleId?: string; railKey?: string }[] = []
        let cursor: unknown = ''
        while (cursor !== null) {
          const { body } = await desk.get(`${SCHEDULE}?limit=${limit}${cursor && `&cursor=${cursor}`}`).expect(200)
          walked.push(...body.data)
          cursor = body.page.next
        }
        expect(walked.map(({ at }) => at)).toEqual(walked.map(({ at }) => at).toSorted())
        const own = walked
          .filter(({ articleId = '', railKey }) => articles.includes(articleId) || railKey === key)
          .map(({ at, kind, articleId, railKey }) => `${at} ${articleId ?? railKey} ${kind}`)
        expect(own.toSorted()).toEqual(expected.toSorted())
        const last = (await desk.get(`${SCHEDULE}?limit=100`).expect(200)).body.data
        expect(last).toEqual(walked)
        for (const id of articles) await desk.delete(articleAt(id), '*')
        if (open) await desk.change(`${releaseAt(open)}/cancel`, '*')
        await desk.delete(railAt(key), '*')
      },
    ),
    { numRuns: 6 * rounds },
  )
})
