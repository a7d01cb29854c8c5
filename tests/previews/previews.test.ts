import { beforeAll, describe, expect, it } from 'vitest'
import { hashSecret } from '../../src/access/rules.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'

const PREVIEWS = '/v1/editorial/previews'
const NOWHERE = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
const HOUR = 3_600_000
const later = (ms: number) => new Date(Date.parse(app.clock.now()) + ms).toISOString()

let app: TestApp
let editor: Desk
let jane: Desk
beforeAll(async () => {
  app = await startApp()
  editor = await app.withRole('editor')
  jane = await app.withRole('contributor', 'Jane')
})

interface Made {
  id: string
  path: string
  expiresAt: string
}
/** A new preview, and the path of its address. */
async function preview(who: Desk, fields: object): Promise<Made> {
  const { body } = await who.post(PREVIEWS, fields).expect(201)
  return { ...body, path: new URL(body.url).pathname }
}
const look = (path: string, who = app.nobody) => who.get(path)
const publish = (id: string, fields: object = {}) => editor.change(`${articleAt(id)}/publish`, '*', fields).expect(200)

it('is kept by no cache, found by no search engine and passed on by no page, whatever the answer', async () => {
  const { path } = await preview(editor, { articleId: (await draft(editor)).id })
  const answers = [
    await look(path).expect(200),
    await look(`${path}x`).expect(404),
    await look(`${path}?nonsense=1`).expect(400),
    await look(path).set('authorization', 'Bearer dl_live_nonsense').expect(401),
    await look(path).set('accept', 'text/html').expect(406),
  ]
  for (const { headers, status } of answers) {
    expect([status, headers['cache-control']]).toEqual([status, 'private, no-store'])
    expect([status, headers['x-robots-tag']]).toEqual([status, 'noindex, nofollow'])
    expect([status, headers['referrer-policy']]).toEqual([status, 'no-referrer'])
  }
})

describe('the preview of an article', () => {
  it('shows a draft to whoever has its address, in the very form in which readers get it once it is published', async () => {
    const fields = { kicker: 'Sea', section: { name: 'World' }, tags: [{ name: 'Ferries' }], notes: 'Not for readers' }
    const { id } = await draft(editor, fields)
    const pending = await draft(editor)
    const live = await published(editor)
    const targets = [pending, live].map((each) => ({ target: { kind: 'article', id: each.id } }))
    await links(editor, id, [{ headline: 'One', note: 'Not for readers' }, ...targets], 0)
    const { path } = await preview(editor, { articleId: id })
    const query = '?body=html,blocks,markdown,text'
    const shown = (await look(`${path}${query}`).expect(200)).body
    expect(shown.headlines).toHaveLength(2)
    await look(`/v1/articles/${id}`).expect(404)
    await publish(id)
    const read = (await look(`/v1/articles/${id}${query}`).expect(200)).body
    const { publishedAt, updatedAt } = shown
    expect(publishedAt).toBe(updatedAt)
    expect(publishedAt < read.publishedAt).toBe(true)
    expect({ ...read, publishedAt, updatedAt }).toEqual(shown)
    expect(JSON.stringify(shown)).not.toContain('Not for readers')
  })

  it('shows the desk as it stands each time, and readers see nothing of it', async () => {
    const { id, slug } = await published(editor, { headline: 'As Published' })
    const { path } = await preview(editor, { articleId: id })
    const before = (await look(`/v1/articles/${id}`)).body
    const { updatedAt: _now, ...same } = (await look(path).expect(200)).body
    // The same text once more is another edition, but no change.
    expect({ ...same, updatedAt: before.updatedAt }).toEqual({ ...before, edition: 2 })
    expect(_now).toBe(before.updatedAt)
    await editor.patch(articleAt(id), { headline: 'As Changed', slug: `${slug}-changed` }, '*').expect(200)
    const { body } = await look(path).expect(200)
    expect(body).toMatchObject({ headline: 'As Changed', slug: `${slug}-changed`, publishedAt: before.publishedAt })
    expect(body.updatedAt > before.updatedAt).toBe(true)
    expect((await look(`/v1/articles/${id}`)).body).toEqual(before)
    await look(`/v1/articles/${slug}-changed`).expect(404)
  })

  it('of an instant that has passed shows nothing either once the article is in the trash', async () => {
    const { id } = await published(editor)
    const at = app.clock.now()
    app.clock.pass(HOUR)
    const { path } = await preview(editor, { articleId: id, at })
    await look(path).expect(200)
    await editor.delete(articleAt(id), '*').expect(200)
    await look(path).expect(404)
    await editor.change(`${articleAt(id)}/restore`, '*').expect(200)
    await look(path).expect(200)
  })

  it('has the forms of the body that are asked for, and html alone without a word', async () => {
    const { path } = await preview(editor, { articleId: (await draft(editor)).id })
    expect((await look(path)).body).toHaveProperty('bodyHtml')
    const { body } = await look(`${path}?body=text`)
    expect(body).toHaveProperty('bodyText')
    expect(body).not.toHaveProperty('bodyHtml')
    expect((await look(`${path}?body=none`)).body).not.toHaveProperty('bodyHtml')
    await look(`${path}?body=pdf`).expect(400)
    await look(`${path}?at=2026-11-23T06:00:00Z`).expect(400)
  })

  it('at an instant shows what will be public then, as it is planned when somebody looks', async () => {
    const { id } = await published(editor, { headline: 'Now' })
    const at = later(HOUR)
    const { path } = await preview(editor, { articleId: id, at })
    await editor.patch(articleAt(id), { headline: 'Then' }, '*').expect(200)
    expect((await look(path).expect(200)).body.headline).toBe('Now')
    await publish(id, { liveFrom: at })
    expect((await look(path).expect(200)).body).toMatchObject({ headline: 'Then', edition: 2 })
    await editor.patch(articleAt(id), { headline: 'Written since' }, '*').expect(200)
    expect((await look(path).expect(200)).body.headline).toBe('Then')
    await publish(id, { liveUntil: later(HOUR / 2) })
    await look(path).expect(404)
  })
})

describe('the preview of a rail', () => {
  it('shows it as it is, at an instant as it will be then, and has no body to choose', async () => {
    const later1 = await draft(editor, { headline: 'Later' })
    const items = [{ headline: 'Pending' }, { target: { kind: 'article', id: later1.id } }]
    await editor.post('/v1/editorial/rails', { key: 'front', title: 'Front', items }).expect(201)
    const at = later(HOUR)
    await publish(later1.id, { liveFrom: at })
    const now = await preview(editor, { railKey: 'front' })
    const then = await preview(editor, { railKey: 'front', at })
    const headlines = async (path: string) =>
      (await look(path).expect(200)).body.items.map(({ headline }: { headline: string }) => headline)
    expect(await headlines(now.path)).toEqual(['Pending'])
    expect(await headlines(then.path)).toEqual(['Pending', 'Later'])
    await look(`${now.path}?body=html`).expect(400)
    await editor.delete('/v1/editorial/rails/front', '*').expect(204)
    await look(now.path).expect(404)
    await look(then.path).expect(404)
  })
})

it('the preview of a staged rail shows its draft, with the stories of now and nothing that readers may not see', async () => {
  const hidden = await draft(editor, { headline: 'Not public' })
  const seen = await published(editor, { headline: 'Public' })
  const to = ({ id }: { id: string }) => ({ target: { kind: 'article', id } })
  const rail = { key: 'drafted', title: 'Drafted', publishMode: 'staged', items: [to(hidden), to(seen)] }
  await editor.post('/v1/editorial/rails', rail).expect(201)
  const { path } = await preview(editor, { railKey: 'drafted' })
  const headlines = async () =>
    (await look(path).expect(200)).body.items.map(({ headline }: { headline: string }) => headline)
  expect(await headlines()).toEqual(['Public'])
  await app.nobody.get('/v1/rails/drafted').expect(404)
  await editor.change('/v1/editorial/rails/drafted/publish', '*').expect(200)
  const items = [to(seen), { headline: 'Not published', note: 'Hm' }]
  await editor.put('/v1/editorial/rails/drafted/items', { items }, '*').expect(200)
  expect(await headlines()).toEqual(['Public', 'Not published'])
  expect((await look(path)).text).not.toContain('Hm')
})

describe('the address of a preview', () => {
  it('is kept by no cache and no search engine, passes itself on to nobody, and is for every site', async () => {
    const { path } = await preview(editor, { articleId: (await draft(editor)).id })
    for (const [who, at] of [
      [app.nobody, path],
      [editor, path],
      [app.nobody, `${path}x`],
    ] as const) {
      for (const method of ['get', 'head'] as const) {
        const { headers } = await who[method](at)
        expect(headers).toMatchObject({
          'cache-control': 'private, no-store',
          'x-robots-tag': 'noindex, nofollow',
          'referrer-policy': 'no-referrer',
          'access-control-allow-origin': '*',
        })
        expect(headers).not.toHaveProperty('etag')
      }
    }
    expect((await app.nobody.options(path).expect(204)).headers.allow).toBe('GET, HEAD, OPTIONS')
    await app.nobody.delete(path).expect(405)
    await app.as('dl_dev_wrong').get(path).expect(401)
  })

  it('is shown once and stored nowhere', async () => {
    const { articleId, path, ...rest } = {
      articleId: (await draft(editor)).id,
      ...(await preview(editor, { articleId: (await draft(editor)).id, note: 'For the lawyer' })),
    }
    const token = path.split('/').at(-1) ?? ''
    expect(token).toMatch(/^dl_preview_[\w-]{43}$/)
    expect((await editor.get(PREVIEWS)).text).not.toContain(token)
    const stored = await app.db.read.select().from(app.db.tables.previews)
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(stored.find(({ id }) => id === rest.id)).toMatchObject({ hash: hashSecret(token), note: 'For the lawyer' })
    const send = () => editor.post(PREVIEWS, { articleId }).set('idempotency-key', 'once')
    await send().expect(201)
    expect((await send().expect(409)).body.code).toBe('already-done')
    const kept = await app.db.read.select().from(app.db.tables.idempotencyKeys)
    expect(JSON.stringify([kept, await app.db.read.select().from(app.db.tables.audit)])).not.toContain('dl_preview_')
  })

  it('opens nothing where it was only a dry run', async () => {
    const { body } = await editor.post(`${PREVIEWS}?dryRun=true`, { articleId: (await draft(editor)).id }).expect(201)
    await look(new URL(body.url).pathname).expect(404)
  })

  it('answers alike whether it is unknown, expired, revoked, or what it shows is put away or gone', async () => {
    const answer = async (path: string) => {
      const { status, headers, text } = await look(path).set('x-request-id', 'same')
      const { date: _date, ...rest } = headers
      return { status, headers: rest, text }
    }
    const unknown = await answer(`/v1/previews/dl_preview_${'a'.repeat(43)}`)
    expect(unknown.status).toBe(404)
    const dead: string[] = ['x', 'dl_preview_', 'x'.repeat(201), '%20', editor.key ?? ''].map(
      (each) => `/v1/previews/${each}`,
    )
    const shownOnce = async (made: Promise<Made>): Promise<Made> => {
      const found = await made
      await look(found.path).expect(200)
      dead.push(found.path)
      return found
    }
    const { id } = await draft(editor)
    await shownOnce(preview(editor, { articleId: id, expiresInS: 60 }))
    app.clock.pass(60_000)
    const revoked = await shownOnce(preview(editor, { articleId: id }))
    await editor.delete(`${PREVIEWS}/${revoked.id}`).expect(204)
    await editor.delete(`${PREVIEWS}/${revoked.id}`).expect(204)
    const trashed = await draft(editor)
    await shownOnce(preview(editor, { articleId: trashed.id }))
    await editor.delete(articleAt(trashed.id), '*').expect(200)
    for (const at of [undefined, app.clock.now()]) {
      const killed = await published(editor)
      await shownOnce(preview(editor, { articleId: killed.id, ...(at && { at: app.clock.now() }) }))
      await editor.change(`${articleAt(killed.id)}/kill`, '*', { reason: 'legal' }).expect(200)
    }
    const admin = await app.withRole('admin')
    const erased = await draft(editor)
    await shownOnce(preview(editor, { articleId: erased.id }))
    await editor.delete(articleAt(erased.id), '*').expect(200)
    await admin.change(`${articleAt(erased.id)}/erase`, '*', { confirm: erased.id }).expect(204)
    for (const path of dead) expect(await answer(path), path).toEqual(unknown)
    // What is in the trash comes back, and so does what shows it.
    await editor.change(`${articleAt(trashed.id)}/restore`, '*').expect(200)
    expect((await Promise.all(dead.map((path) => look(path)))).filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('lasts to the millisecond that was said, a day without a word', async () => {
    const { id } = await draft(editor)
    const { expiresAt, path } = await preview(editor, { articleId: id })
    const left = Date.parse(expiresAt) - Date.parse(app.clock.now())
    expect(left).toBeGreaterThan(86_400_000 - 100)
    app.clock.pass(left - 50)
    await look(path).expect(200)
    app.clock.pass(50)
    await look(path).expect(404)
    for (const expiresInS of [59, 2_592_001, 60.5, '60', -1]) {
      const { body } = await editor.post(PREVIEWS, { articleId: id, expiresInS }).expect(422)
      expect(body.errors).toMatchObject([{ pointer: '#/expiresInS' }])
    }
    for (const expiresInS of [60, 2_592_000]) await editor.post(PREVIEWS, { articleId: id, expiresInS }).expect(201)
  })

  it('shows no more than who made it may see: it ends with their key, and for contributors with publication', async () => {
    const { id } = await draft(jane)
    const mine = await preview(jane, { articleId: id })
    const theirs = await preview(editor, { articleId: id })
    await look(mine.path).expect(200)
    await publish(id, { liveFrom: later(HOUR) })
    await look(mine.path).expect(404)
    await look(theirs.path).expect(200)
    const admin = await app.withRole('admin')
    const leaver = await app.withRole('editor', 'Leaver')
    const last = await preview(leaver, { articleId: id })
    await look(last.path).expect(200)
    const { data } = (await admin.get('/v1/editorial/keys')).body
    await admin
      .delete(`/v1/editorial/keys/${data.find(({ name }: { name: string }) => name === 'Leaver').id}`)
      .expect(200)
    await look(last.path).expect(404)
  })

  it('needs no key in a private installation either, where everything else does', async () => {
    const closed = await startApp({ settings: { DELIVERY: 'private', PUBLIC_URL: 'https://news.example/' } })
    const desk = await closed.withRole('editor')
    const { id } = await published(desk)
    const { body } = await desk.post(PREVIEWS, { articleId: id }).expect(201)
    expect(body.url).toMatch(/^https:\/\/news\.example\/v1\/previews\/dl_preview_/)
    await closed.nobody.get(new URL(body.url).pathname).expect(200)
    await closed.nobody.get('/v1/previews/nothing').expect(404)
    await closed.nobody.get(`/v1/articles/${id}`).expect(401)
    const { paths } = closed.documents.delivery as { paths: Record<string, { get: { security?: object[] } }> }
    expect(paths['/v1/previews/{token}']?.get.security).toContainEqual({})
  })
})

describe('making a preview', () => {
  it('is for what is there and one thing at a time, and says what is wrong', async () => {
    const { id } = await draft(editor)
    const refused = async (fields: object, pointer: string) => {
      const { body } = await editor.post(PREVIEWS, fields).expect(422)
      expect(body.errors).toMatchObject([{ pointer }])
    }
    await refused({}, '#/articleId')
    await refused({ articleId: id, railKey: 'front' }, '#/articleId')
    await refused({ articleId: NOWHERE }, '#/articleId')
    await refused({ railKey: 'nowhere' }, '#/railKey')
    await refused({ articleId: id, at: '2026-02-30T00:00:00Z' }, '#/at')
    await refused({ articleId: id, nonsense: 1 }, '#/nonsense')
    await editor.delete(articleAt(id), '*').expect(200)
    expect((await editor.post(PREVIEWS, { articleId: id }).expect(409)).body.code).toBe('invalid-transition')
  })

  it('lets contributors show drafts of their own, and nothing else: what they may not know of is not there', async () => {
    const theirs = await draft(editor)
    const missing = await jane.post(PREVIEWS, { articleId: NOWHERE }).set('x-request-id', 'same').expect(422)
    const hidden = await jane.post(PREVIEWS, { articleId: theirs.id }).set('x-request-id', 'same').expect(422)
    expect(hidden.text).toBe(missing.text)
    const { id } = await draft(jane)
    expect((await jane.post(PREVIEWS, { railKey: 'front' }).expect(403)).body.scope).toBe('rails:write')
    expect((await jane.post(PREVIEWS, { articleId: id, at: later(HOUR) }).expect(403)).body.scope).toBe('preview:read')
    await preview(jane, { articleId: id })
  })

  it('is listed page by page until it ends: all of them for editors, their own for contributors, who revoke no other', async () => {
    const fresh = await startApp()
    const desk = await fresh.withRole('editor')
    const john = await fresh.withRole('contributor', 'John')
    const piece = await draft(john)
    const made: string[] = []
    for (let at = 0; at < 5; at++) {
      const who = at % 2 === 0 ? desk : john
      made.unshift((await who.post(PREVIEWS, { articleId: piece.id, note: `Number ${at}` }).expect(201)).body.id)
    }
    const all = async (who: Desk, path = `${PREVIEWS}?limit=2`): Promise<string[]> => {
      const { body } = await who.get(path).expect(200)
      const ids = body.data.map(({ id }: { id: string }) => id)
      return body.page.next === null
        ? ids
        : [...ids, ...(await all(who, `${PREVIEWS}?limit=2&cursor=${body.page.next}`))]
    }
    expect(await all(desk)).toEqual(made)
    expect(await all(john)).toEqual([made[1], made[3]])
    const [newest = '', second = ''] = made
    const lost = await john.delete(`${PREVIEWS}/${newest}`).set('x-request-id', 'same').expect(404)
    expect((await john.delete(`${PREVIEWS}/${NOWHERE}`).set('x-request-id', 'same').expect(404)).text).toBe(lost.text)
    await john.delete(`${PREVIEWS}/${second}`).expect(204)
    await desk.delete(`${PREVIEWS}/${newest}`).expect(204)
    expect(await all(desk)).toEqual(made.slice(2))
    fresh.clock.pass(86_400_000)
    expect(await all(desk)).toEqual([])
    // After twice the longest time they are forgotten.
    fresh.clock.pass(60 * 86_400_000)
    const { body } = await desk.post(PREVIEWS, { articleId: piece.id }).expect(201)
    const stored = await fresh.db.read.select().from(fresh.db.tables.previews)
    expect(stored.map(({ id }) => id)).toEqual([body.id])
  })
})
