import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../src/commands/actor.ts'
import type { EditorialHeadlines, EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import {
  ARTICLES,
  articleAt,
  type Desk,
  draft,
  linkAt,
  links,
  linksOf,
  published,
  RAILS,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'

const HOUR = 3_600_000
const clock = testClock()
let app: TestApp
/** A second node on the same database. */
let other: TestApp
let desk: Desk
let admin: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  other = await startApp({ clock, database: { url: app.url, drop: async () => undefined } })
  desk = await app.withRole('editor', 'Night desk')
  admin = await app.withRole('admin')
})

let count = 0
/** A headline of its own, as a plan has it and as the story has it. */
function spellings() {
  const n = ++count
  return { inPlan: `Iran–U.S. “Talks”  in Oman ${n}`, inStory: `IRAN - U.S. 'Talks' in Oman ${n}` }
}
async function rail(items: object[], fields: object = {}): Promise<EditorialRail> {
  const key = `pending-${++count}`
  return (await desk.post(RAILS, { key, title: `Rail ${key}`, items, ...fields }).expect(201)).body
}
const inMs = (by: number) => new Date(Date.parse(clock.now()) + by).toISOString()
const publish = (id: string, body: object = {}) => desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)
const settle = async () => {
  while (await app.services.ticker.tick());
}
const readRail = async (key: string, query = '') => (await app.nobody.get(`/v1/rails/${key}${query}`).expect(200)).body
const deskRail = async (key: string): Promise<EditorialRail> => (await desk.get(railAt(key)).expect(200)).body
const pathOf = ({ url }: { url: string | null }) => url && new URL(url).pathname
const rowsOf = async (subject: string) =>
  (await admin.get(`/v1/editorial/audit?action=linkPendingHeadline&subject=${subject}`).expect(200)).body.data
const actions = async (path: string): Promise<string[]> =>
  (await desk.get(`${path}/versions`).expect(200)).body.data.map(({ action }: { action: string }) => action)

describe('the source document', () => {
  it('has a fifth headline whose story, once published, gives it its address in the very next read', async () => {
    const file = 'us-russia-istanbul-talks.txt'
    const bytes = readFileSync(new URL(`../../seeds/${file}`, import.meta.url))
    const outcome = await app.services.importing.importDocument(commandLine, file, bytes, {
      headline: 'derive',
      publish: true,
    })
    const id = 'id' in outcome ? outcome.id : ''
    const read = async () => (await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.headlines
    const before = await read()
    const headline = 'Federal Judge Restores Funding for Gateway Rail Tunnel Project'
    expect(before).toHaveLength(16)
    expect(before[4]).toMatchObject({ headline, url: null, target: null })
    const story = (await desk.post(ARTICLES, { headline, bodyText: 'A judge said so.' }).expect(201)).body
    expect(await read()).toEqual(before)
    await publish(story.id)
    const after = await read()
    expect(after[4]).toMatchObject({ headline, target: { kind: 'article', id: story.id, slug: story.slug } })
    expect(after[4].id).toBe(before[4].id)
    expect(pathOf(after[4])).toBe(`/v1/articles/${story.slug}`)
    await app.nobody.get(pathOf(after[4]) ?? '').expect(200)
    expect(after.toSpliced(4, 1)).toEqual(before.toSpliced(4, 1))
  })
})

describe('a pending headline whose story is published', () => {
  it('is pointed at it in rails and in lists of articles, at its place, with all that the desk had set', async () => {
    const { inPlan, inStory } = spellings()
    const set = { kicker: 'Diplomacy', label: 'analysis', prominence: 'high', note: 'Call them' }
    const top = await rail([{ headline: 'First' }, { headline: inPlan, ...set }, { headline: 'Last' }])
    const owner = await published(desk)
    const list = await links(desk, owner.id, [{ headline: inPlan }, { headline: 'Other' }], 0)
    const { id, slug } = await published(desk, { headline: inStory, kicker: 'Own' })

    const now = await deskRail(top.key)
    const target = { kind: 'article', id }
    expect(now.version).toBe(top.version + 1)
    // Without a headline of its own it follows the story, also when that gets another one.
    expect(now.items).toEqual(top.items.with(1, { ...top.items[1], headline: null, target, state: 'ok' } as never))
    expect(now.updatedBy.name).toBe('Night desk')
    const ofOwner: EditorialHeadlines = (await desk.get(linksOf(owner.id)).expect(200)).body
    expect([ofOwner.version, ofOwner.items[0]]).toEqual([2, { ...list.items[0], headline: null, target, state: 'ok' }])
    expect((await actions(railAt(top.key)))[0]).toBe('come-alive')
    expect((await actions(linksOf(owner.id)))[0]).toBe('come-alive')

    const { items } = await readRail(top.key)
    expect(items[1]).toMatchObject({ headline: inStory, kicker: 'Diplomacy', label: 'analysis', target: { id, slug } })
    await desk.patch(articleAt(id), { headline: 'A New Headline' }, '*').expect(200)
    await publish(id)
    expect((await readRail(top.key)).items[1].headline).toBe('A New Headline')
  })

  it('is not pointed at the story in whose own list it stands', async () => {
    const { inPlan, inStory } = spellings()
    const { id } = await draft(desk, { headline: inStory })
    const elsewhere = await rail([{ headline: inPlan }])
    const own = await links(desk, id, [{ headline: inPlan }], 0)
    await publish(id)
    expect((await desk.get(linksOf(id)).expect(200)).body).toMatchObject({ version: own.version, items: own.items })
    expect((await app.nobody.get(`/v1/articles/${id}/headlines`).expect(200)).body.data).toMatchObject([
      { headline: inPlan, url: null },
    ])
    expect((await readRail(elsewhere.key)).items[0].target.id).toBe(id)
  })

  it('has a row in the audit for each list, by who published, in the same request', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }, { headline: inPlan.toUpperCase() }])
    const owner = await draft(desk)
    await links(desk, owner.id, [{ headline: inPlan }], 0)
    const story = await draft(desk, { headline: inStory })
    await publish(story.id).set('x-request-id', 'come-alive-1')
    const told = { actor: { name: 'Night desk' }, requestId: 'come-alive-1', outcome: 'accepted' }
    const changed = ['items']
    expect(await rowsOf(top.key)).toMatchObject([
      { ...told, subject: { kind: 'rail', id: top.key, version: 2, changed } },
    ])
    expect(await rowsOf(owner.id)).toMatchObject([
      { ...told, subject: { kind: 'headlines', id: owner.id, version: 2, changed } },
    ])
    expect((await deskRail(top.key)).items.map(({ target }) => target)).toEqual([
      { kind: 'article', id: story.id },
      { kind: 'article', id: story.id },
    ])
  })

  it('may stand below another link, which says whether it follows, and beside a link to the story', async () => {
    const { inPlan, inStory } = spellings()
    const sublinks = [{ headline: inPlan, kicker: 'Below' }, { headline: 'Other' }]
    const { id } = await draft(desk, { headline: inStory })
    const target = { kind: 'article', id }
    const top = await rail([
      { headline: 'One', sublinks },
      { headline: 'Two', sublinks, followsStory: false },
      { target },
    ])
    const dry = await desk.change(`${articleAt(id)}/publish?dryRun=true`, '*', {}).expect(200)
    const below = top.items[0]?.sublinks[0]
    expect(dry.body.effects.comesAlive).toEqual([{ linkId: below?.id, articleId: null, railKey: top.key }])
    await publish(id)
    const { items } = await deskRail(top.key)
    expect(items[0]?.sublinks).toMatchObject([{ headline: null, kicker: 'Below', target }, { headline: 'Other' }])
    expect(items[1]).toEqual(top.items[1])
    expect((await readRail(top.key)).items[0].sublinks).toMatchObject([{ headline: inStory, kicker: 'Below' }, {}])
  })

  it('belongs to the first of several stories; the others change nothing', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const first = await published(desk, { headline: inStory })
    await published(desk, { headline: inPlan })
    const after = await deskRail(top.key)
    expect([after.version, after.items[0]?.target]).toEqual([2, { kind: 'article', id: first.id }])
    expect(await rowsOf(top.key)).toHaveLength(1)
    // Withdrawn, it is left out like any link to what is not public, and comes back with its story.
    await desk.change(`${articleAt(first.id)}/withdraw`, '*').expect(200)
    expect((await readRail(top.key)).items).toEqual([])
    await published(desk, { headline: inStory })
    expect((await readRail(top.key)).items).toEqual([])
    await publish(first.id)
    expect((await readRail(top.key)).items).toHaveLength(1)
    expect((await deskRail(top.key)).version).toBe(2)
  })

  it('stays as it is where the link, or its rail, does not follow; or where the headline is another one', async () => {
    const { inPlan, inStory } = spellings()
    const off = await rail([{ headline: inPlan, followsStory: false }, { headline: `${inPlan} Again` }])
    const still = await rail([{ headline: inPlan }], { followsStories: false })
    const away = await rail([{ headline: inPlan, target: { kind: 'url', url: 'https://news.example/' } }])
    await published(desk, { headline: inStory })
    for (const { key, version, items } of [off, still, away]) {
      expect(await deskRail(key)).toMatchObject({ version, items })
      expect(await rowsOf(key)).toEqual([])
    }
    // Switched on again, the next publication has it.
    await desk.patch(railAt(still.key), { followsStories: true }, 1).expect(200)
    const next = await published(desk, { headline: inStory })
    expect((await deskRail(still.key)).items[0]?.target).toEqual({ kind: 'article', id: next.id })
    expect((await desk.patch(railAt(still.key), { followsStories: 'no' }, 3).expect(422)).body.errors).toMatchObject([
      { pointer: '#/followsStories' },
    ])
  })

  it('is not touched in an article that is in the trash, and is again once it is back', async () => {
    const { inPlan, inStory } = spellings()
    const owner = await published(desk)
    await links(desk, owner.id, [{ headline: inPlan }], 0)
    await desk.delete(articleAt(owner.id), '*').expect(200)
    const story = await published(desk, { headline: inStory })
    await desk.change(`${articleAt(owner.id)}/restore`, '*').expect(200)
    const read = async () => (await desk.get(linksOf(owner.id)).expect(200)).body
    expect(await read()).toMatchObject({ version: 1, items: [{ target: null }] })
    await publish(story.id)
    expect(await read()).toMatchObject({ version: 2, items: [{ target: { id: story.id } }] })
  })

  it('makes an older version of the list stale for who has read it', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    await published(desk, { headline: inStory })
    const { body } = await desk.put(`${railAt(top.key)}/items`, { items: [{ headline: 'Mine' }] }, 1).expect(412)
    expect(body).toMatchObject({ currentVersion: 2, changed: ['items'], updatedBy: { name: 'Night desk' } })
  })

  it('is shown by a dry run of the publication, which changes nothing', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const own = await draft(desk)
    const list = await links(desk, own.id, [{ headline: inPlan }], 0)
    const { id } = await draft(desk, { headline: inStory })
    const wanted = [
      { linkId: top.items[0]?.id, articleId: null, railKey: top.key },
      { linkId: list.items[0]?.id, articleId: own.id, railKey: null },
    ]
    for (const [options, pointing] of [
      [{}, 2],
      [{ liveFrom: inMs(HOUR) }, 0],
    ] as const) {
      const { body } = await desk.change(`${articleAt(id)}/publish?dryRun=true`, 1, options).expect(200)
      expect(body.effects.comesAlive).toHaveLength(2)
      expect(body.effects.comesAlive).toEqual(expect.arrayContaining(wanted))
      expect(body.effects.links).toHaveLength(pointing)
    }
    expect(await deskRail(top.key)).toMatchObject({ version: 1, items: top.items })
    expect((await desk.change(`${articleAt(id)}/publish`, 1).expect(200)).body.effects).toBeUndefined()
  })

  it('can be pointed by hand too', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const { id } = await published(desk)
    await desk.patch(linkAt(top.items[0]?.id ?? ''), { target: { kind: 'article', id } }, 1).expect(200)
    await published(desk, { headline: inStory })
    expect(await deskRail(top.key)).toMatchObject({ version: 2, items: [{ headline: inPlan, target: { id } }] })
  })
})

describe('a list that is erased with its article while a publication writes it', () => {
  it('leaves nothing of what was written', async () => {
    const owner = await draft(desk)
    await links(desk, owner.id, [{ headline: 'Erase me' }], 0)
    const { headlineLists, headlineListVersions } = app.db.tables
    let erasing: Promise<unknown> = Promise.resolve()
    await app.db.write(async (tx) => {
      await tx.update(headlineLists).set({ version: 2 }).where(eq(headlineLists.id, owner.id))
      erasing = (async () => {
        await admin.delete(articleAt(owner.id), '*').expect(200)
        await admin.change(`${articleAt(owner.id)}/erase`, '*', { confirm: owner.id }).expect(204)
      })()
      // Where two writes are at work at once, the other one has come as far as it can by then.
      await sleep(200)
      const by = { createdAt: clock.now(), createdById: owner.id, createdByName: 'Night desk' }
      const version = { listId: owner.id, version: 2, action: 'come-alive', content: null, ...by }
      await tx.insert(headlineListVersions).values(version)
    })
    await erasing
    const left = (await app.db.read.select().from(headlineListVersions)).filter(({ listId }) => listId === owner.id)
    expect(left).toEqual([])
  })
})

describe('a pending headline whose story is scheduled', () => {
  it.each([false, true])('stays what it is until then, and is pointed by one tick; embargo: %s', async (embargo) => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const { id } = await draft(desk, { headline: inStory })
    const before = (await app.nobody.get(`/v1/rails/${top.key}`).expect(200)).text
    const tag = (await app.nobody.get(`/v1/rails/${top.key}`)).headers.etag
    await publish(id, { liveFrom: inMs(HOUR), embargo })
    await settle()
    const meanwhile = await app.nobody.get(`/v1/rails/${top.key}`).expect(200)
    expect([meanwhile.text, meanwhile.headers.etag]).toEqual([before, tag])
    expect(await deskRail(top.key)).toMatchObject({ version: 1, items: [{ target: null }] })
    clock.pass(HOUR)
    // Nobody has looked yet: the headline is there, and nothing is lost.
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inPlan, url: null }])
    await app.services.ticker.tick()
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inStory, target: { id } }])
    expect(await rowsOf(top.key)).toMatchObject([{ actor: { name: 'The clock' }, subject: { version: 2 } }])
    expect((await deskRail(top.key)).updatedBy.name).toBe('The clock')
  })

  it('is pointed once, however many nodes look', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const stories = [await draft(desk, { headline: inStory }), await draft(desk, { headline: inPlan })]
    const at = inMs(HOUR)
    // The one that begins later is the older one.
    await publish(stories[0]?.id ?? '', { liveFrom: inMs(HOUR + 60_000) })
    await publish(stories[1]?.id ?? '', { liveFrom: at })
    clock.pass(2 * HOUR)
    await Promise.all([app, other, app, other].map(({ services }) => services.ticker.tick()))
    await settle()
    expect(await deskRail(top.key)).toMatchObject({ version: 2, items: [{ target: { id: stories[1]?.id } }] })
    expect(await rowsOf(top.key)).toHaveLength(1)
  })

  it('is not pointed at what was taken back, or has ended before anybody looked', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const back = await draft(desk, { headline: inStory })
    await publish(back.id, { liveFrom: inMs(HOUR) })
    await desk.change(`${articleAt(back.id)}/unschedule`, '*').expect(200)
    const short = await draft(desk, { headline: inStory })
    await publish(short.id, { liveFrom: inMs(HOUR), liveUntil: inMs(HOUR + 1_000) })
    const withdrawn = await draft(desk, { headline: inStory })
    await publish(withdrawn.id, { liveFrom: inMs(HOUR) })
    clock.pass(2 * HOUR)
    await desk.change(`${articleAt(withdrawn.id)}/withdraw`, '*').expect(200)
    await settle()
    expect(await deskRail(top.key)).toMatchObject({ version: 1, items: [{ target: null }] })
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inPlan, url: null }])
  })

  // Where the machine is busy the clock may be first after all, which is as good an order, but not the one that is meant.
  it('is not pointed at what is withdrawn while the clock is at work', { retry: 3 }, async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }])
    const { id } = await draft(desk, { headline: inStory })
    await publish(id, { liveFrom: inMs(HOUR) })
    clock.pass(HOUR)
    const { articles } = app.db.tables
    const held = Promise.withResolvers<void>()
    const free = Promise.withResolvers<void>()
    const holding = app.db.write(async (tx) => {
      await tx.update(articles).set({ id }).where(eq(articles.id, id))
      held.resolve()
      await free.promise
    })
    await held.promise
    const withdrawn = desk
      .change(`${articleAt(id)}/withdraw`, '*')
      .expect(200)
      .then()
    // It waits for the article by then, and so does the clock, which has looked at the time before.
    await sleep(200)
    const tick = app.services.ticker.tick()
    await sleep(200)
    free.resolve()
    await Promise.all([holding, withdrawn, tick])
    await settle()
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inPlan, url: null }])
    expect(await deskRail(top.key)).toMatchObject({ version: 1, items: [{ target: null }] })
  })
})

describe('a release', () => {
  const pieces = (id: string, key: string, headline: string) =>
    release(desk, [
      { kind: 'article', id },
      { kind: 'rail', key, items: [{ headline: 'Lead' }, { headline }] },
    ])

  it.each(['now', 'later'])('brings a story and the headline that waits for it together: %s', async (when) => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: 'Before' }])
    const elsewhere = await rail([{ headline: inPlan }])
    const story = await draft(desk, { headline: inStory })
    const { id } = await pieces(story.id, top.key, inPlan)
    const options = when === 'now' ? {} : { liveFrom: inMs(HOUR) }
    await desk.change(`${releaseAt(id)}/schedule`, 1, options).expect(200)
    if (when === 'later') {
      expect((await readRail(elsewhere.key)).items).toMatchObject([{ headline: inPlan, url: null }])
      clock.pass(HOUR)
      await app.services.ticker.tick()
    }
    const target = { kind: 'article', id: story.id, slug: story.slug }
    expect((await readRail(top.key)).items).toMatchObject([{ headline: 'Lead' }, { headline: inStory, target }])
    expect((await readRail(elsewhere.key)).items).toMatchObject([{ headline: inStory, target }])
    for (const key of [top.key, elsewhere.key]) expect(await rowsOf(key)).toHaveLength(1)
  })

  it('that comes later does not take the address again that a headline has been given meanwhile', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: inPlan }, { headline: 'Goes' }])
    const items = [{ headline: 'Comes' }, { id: top.items[0]?.id }]
    const { id } = await release(desk, [{ kind: 'rail', key: top.key, items }])
    await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom: inMs(HOUR) }).expect(200)
    const story = await published(desk, { headline: inStory })
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inStory }, { headline: 'Goes' }])
    clock.pass(HOUR)
    const come = [{ headline: 'Comes' }, { headline: inStory, target: { id: story.id } }]
    expect((await readRail(top.key)).items).toMatchObject(come)
    await settle()
    expect((await readRail(top.key)).items).toMatchObject(come)
    expect((await readRail(top.key)).items[1].id).toBe(top.items[0]?.id)
  })

  it('that comes while the story is published has its headlines found, whether or not they waited before', async () => {
    // The clock goes on by a millisecond with each look: the release comes before, between any two of them, and after.
    for (let ms = -7; ms <= -1; ms++) {
      const { inPlan, inStory } = spellings()
      const rails = [await rail([{ headline: inPlan }]), await rail([{ headline: 'Before' }])]
      const pieces = rails.map(({ key }) => ({ kind: 'rail', key, items: [{ headline: inPlan }] }))
      const { id } = await release(desk, pieces)
      const liveFrom = inMs(HOUR)
      await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom }).expect(200)
      const story = await draft(desk, { headline: inStory })
      clock.pass(Date.parse(liveFrom) + ms - Date.parse(clock.now()) - 1)
      await publish(story.id)
      clock.pass(1_000)
      for (const isNoted of [false, true]) {
        if (isNoted) await settle()
        const read = await Promise.all(rails.map(({ key }) => readRail(key)))
        const come = [{ headline: inStory, target: { id: story.id } }]
        expect(read, `${ms} ms`).toMatchObject([{ items: come }, { items: come }])
      }
    }
  })

  it('that has come and was not noted yet has its headlines found too', async () => {
    const { inPlan, inStory } = spellings()
    const top = await rail([{ headline: 'Before' }])
    const { id } = await release(desk, [{ kind: 'rail', key: top.key, items: [{ headline: inPlan }] }])
    await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom: inMs(HOUR) }).expect(200)
    clock.pass(HOUR)
    const story = await published(desk, { headline: inStory })
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inStory, target: { id: story.id } }])
    await settle()
    expect((await readRail(top.key)).items).toMatchObject([{ headline: inStory, target: { id: story.id } }])
  })
})
