import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialArticle } from '../../src/articles/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let contributor: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
  contributor = await app.withRole('contributor')
})

const versionsOf = (id: string) => `${articleAt(id)}/versions`
const restore = (id: string, version: number) => `${versionsOf(id)}/${version}/restore`

describe('the history of an article', () => {
  it('says of each version who wrote it, when, what was done and why, newest first', async () => {
    const { id } = await draft(desk, { changeNote: 'From the agency' })
    await desk.patch(articleAt(id), { kicker: 'New' }, 1).expect(200)
    await desk.change(`${articleAt(id)}/publish`, 2, { note: 'Approved by the chief' }).expect(200)
    const { data, page } = (await desk.get(versionsOf(id)).expect(200)).body
    const createdBy = { name: 'News desk' }
    expect(data).toMatchObject([
      { version: 3, action: 'publish', note: 'Approved by the chief', hasText: false, createdBy },
      { version: 2, action: 'edit', note: null, hasText: true, createdBy },
      { version: 1, action: 'create', note: 'From the agency', hasText: true, createdBy },
    ])
    expect(page).toMatchObject({ next: null, previous: null })
  })

  it('comes in pages, forward and back', async () => {
    const { id } = await draft(desk)
    for (let version = 1; version < 7; version++) await desk.patch(articleAt(id), { kicker: `${version}` }, version)
    const numbers = async (path: string) => {
      const { body } = await desk.get(path).expect(200)
      return { shown: body.data.map((each: { version: number }) => each.version), page: body.page }
    }
    const first = await numbers(`${versionsOf(id)}?limit=3`)
    const second = await numbers(`${versionsOf(id)}?limit=3&cursor=${first.page.next}`)
    const third = await numbers(`${versionsOf(id)}?limit=3&cursor=${second.page.next}`)
    expect([first.shown, second.shown, third.shown]).toEqual([[7, 6, 5], [4, 3, 2], [1]])
    expect(third.page.next).toBeNull()
    expect((await numbers(`${versionsOf(id)}?limit=3&cursor=${third.page.previous}`)).shown).toEqual([4, 3, 2])
    const { id: other } = await draft(desk)
    const elsewhere = await desk.get(`${versionsOf(other)}?cursor=${first.page.next}`).expect(400)
    expect(elsewhere.body.code).toBe('invalid-cursor')
    // One that was made up, with the right fingerprint and no number.
    const [direction, at, , print] = JSON.parse(Buffer.from(first.page.next, 'base64url').toString())
    const made = Buffer.from(JSON.stringify([direction, at, 'no-number', print])).toString('base64url')
    await desk.get(`${versionsOf(id)}?cursor=${made}`).expect(400)
  })

  it('shows what the article said at each version, also at one that only moved it', async () => {
    const { id, headline } = await draft(desk)
    await desk.change(`${articleAt(id)}/publish`, 1).expect(200)
    await desk.patch(articleAt(id), { headline: 'Another Story', bodyText: 'Other words.' }, 2).expect(200)
    const at = async (version: number) => (await desk.get(`${versionsOf(id)}/${version}`).expect(200)).body
    expect(await at(1)).toMatchObject({ action: 'create', hasText: true, content: { headline } })
    expect(await at(2)).toMatchObject({ action: 'publish', hasText: false, content: { headline } })
    expect((await at(2)).content).toEqual((await at(1)).content)
    const { content } = await at(3)
    const article: EditorialArticle = (await desk.get(articleAt(id))).body
    for (const [name, value] of Object.entries(content)) {
      expect(value, name).toEqual(article[name as keyof EditorialArticle])
    }
    expect(content).toHaveProperty('body')
  })

  it.each(['4', '0', '01', '-1', 'x', '1e2', '9999999999', '999999999'])('has no version %s', async (version) => {
    const { id } = await draft(desk)
    await desk.get(`${versionsOf(id)}/${version}`).expect(404)
    await desk.get(`${versionsOf(id)}/1/diff/${version}`).expect(404)
    await desk.change(restore(id, version as unknown as number), 1).expect(404)
  })

  it('says how two versions differ, by field and by block', async () => {
    const { id } = await draft(desk, { kicker: 'Old', bodyText: 'One.\n\nTwo.' })
    await desk.patch(articleAt(id), { kicker: null, bodyText: 'One.\n\nTwo.\n\nThree.' }, 1).expect(200)
    const { fields, body } = (await desk.get(`${versionsOf(id)}/1/diff/2`).expect(200)).body
    expect(fields).toEqual([{ field: 'kicker', before: 'Old', after: null }])
    expect(body).toMatchObject([{ kind: 'keep', count: 2 }, { kind: 'add' }])
    expect((await desk.get(`${versionsOf(id)}/2/diff/2`).expect(200)).body).toEqual({ fields: [], body: [] })
  })

  it('is for whoever may know of the article, and nobody else', async () => {
    const own = await draft(contributor)
    await contributor.get(versionsOf(own.id)).expect(200)
    await contributor.get(`${versionsOf(own.id)}/1`).expect(200)
    await contributor.change(restore(own.id, 1), 1).expect(200)
    const { id } = await draft(desk)
    const nowhere = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
    const answer = async (path: string, of: string) => {
      const call = path.endsWith('restore') ? contributor.change(path, 1) : contributor.get(path)
      const { status, text } = await call.set('x-request-id', 'same')
      return [status, text.replaceAll(of, 'ID')]
    }
    for (const path of ['', '/1', '/1/diff/1', '/1/restore']) {
      const there = await answer(versionsOf(id) + path, id)
      expect(there).toEqual(await answer(versionsOf(nowhere) + path, nowhere))
      expect(there[0]).toBe(404)
    }
  })

  it('stays at the desk where the article was killed, and is gone where it was erased', async () => {
    const admin = await app.withRole('admin')
    const { id } = await published(desk)
    await desk.change(`${articleAt(id)}/kill`, 2, { reason: 'legal' }).expect(200)
    await desk.get(`${versionsOf(id)}/1`).expect(200)
    expect((await desk.change(restore(id, 1), 3).expect(409)).body.code).toBe('invalid-transition')
    await admin.change(`${articleAt(id)}/erase`, 3, { confirm: id }).expect(204)
    for (const path of ['', '/1', '/1/diff/2']) await admin.get(versionsOf(id) + path).expect(404)
  })
})

describe('bringing back a version', () => {
  it('makes a new one that says what it said, with who and why; readers see it when it is published', async () => {
    const { id, headline, slug } = await published(desk, { kicker: 'First', notes: 'A note' })
    const said = { headline: 'Another Story', kicker: null, notes: null, slug: `moved-${id}`, bodyText: 'Other.' }
    await desk.patch(articleAt(id), said, 2).expect(200)
    await desk.change(`${articleAt(id)}/publish`, 3).expect(200)
    const back = (await desk.change(restore(id, 1), 4, { note: 'It was right' }).expect(200)).body
    expect(back).toMatchObject({
      version: 5,
      state: 'liveWithChanges',
      headline,
      kicker: 'First',
      notes: 'A note',
      slug,
    })
    const at = async (version: number) => (await desk.get(`${versionsOf(id)}/${version}`)).body
    expect((await at(5)).content).toEqual((await at(1)).content)
    expect(await at(5)).toMatchObject({ action: 'restore-version', note: 'It was right', hasText: true })
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.headline).toBe('Another Story')
    await desk.change(`${articleAt(id)}/publish`, 5).expect(200)
    const { headers } = await app.nobody.get(`/v1/articles/moved-${id}`).expect(301)
    expect(headers.location).toBe(`/v1/articles/${slug}`)
  })

  it('keeps the present slug where the one of then is not the article’s any more', async () => {
    const { id, slug } = await draft(desk)
    await desk.patch(articleAt(id), { slug: `now-${id}` }, 1).expect(200)
    await draft(desk, { slug })
    const back = (await desk.change(restore(id, 1), 2).expect(200)).body
    expect(back).toMatchObject({ version: 3, slug: `now-${id}` })
  })

  it('needs the version that stands, and overwrites nobody', async () => {
    const { id } = await draft(desk)
    await desk.patch(articleAt(id), { kicker: 'New' }, 1).expect(200)
    await desk.post(restore(id, 1)).expect(428)
    const { body } = await desk.change(restore(id, 1), 1).expect(412)
    expect(body).toMatchObject({ currentVersion: 2, changed: ['kicker'] })
    expect((await desk.get(articleAt(id))).body).toMatchObject({ version: 2, kicker: 'New' })
  })

  it('says so where the id in the other system is another article’s now', async () => {
    const { id } = await draft(desk, { externalId: 'courier:1' })
    await desk.patch(articleAt(id), { externalId: null }, 1).expect(200)
    await draft(desk, { externalId: 'courier:1' })
    expect((await desk.change(restore(id, 1), 2).expect(409)).body.code).toBe('already-exists')
  })

  it('changes nothing as a dry run, and nothing of what is in the trash', async () => {
    const { id } = await draft(desk)
    await desk.patch(articleAt(id), { kicker: 'New' }, 1).expect(200)
    const tried = (await desk.change(`${restore(id, 1)}?dryRun=true`, 2).expect(200)).body
    expect(tried).toMatchObject({ version: 3, kicker: null, effects: {} })
    expect((await desk.get(articleAt(id))).body).toMatchObject({ version: 2, kicker: 'New' })
    await desk.delete(articleAt(id), 2).expect(200)
    await desk.change(restore(id, 1), 3).expect(409)
  })
})
