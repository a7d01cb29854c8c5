import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, FRONTS, frontAt, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let night: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'Home desk')
  night = await app.withRole('editor', 'Night desk')
  for (const key of ['top', 'world']) await desk.post(RAILS, { key, title: key }).expect(201)
})

describe('the history of a front', () => {
  it('has every version as it was: who, when and what, in pages, newest first', async () => {
    const at = frontAt('kept')
    const first = { title: 'One', description: 'All of it', language: 'en', rails: [{ key: 'top', priority: 5 }] }
    const { body: made } = await desk.post(FRONTS, { key: 'kept', ...first }).expect(201)
    await night.patch(at, { title: 'Two', description: null }, 1).expect(200)
    await desk.put(at, { title: 'Three', rails: [{ key: 'world' }] }, 2).expect(200)
    const page = (await desk.get(`${at}/versions?limit=2`).expect(200)).body
    expect(page.data).toMatchObject([
      { version: 3, action: 'replace', createdBy: { name: 'Home desk' } },
      { version: 2, action: 'patch', createdBy: { name: 'Night desk' } },
    ])
    const rest = (await desk.get(`${at}/versions?limit=2&cursor=${page.page.next}`).expect(200)).body
    expect(rest.data).toMatchObject([{ version: 1, action: 'create', createdAt: made.updatedAt }])
    const back = (await desk.get(`${at}/versions?limit=2&cursor=${rest.page.previous}`).expect(200)).body
    expect(back.data).toEqual(page.data)
    expect((await desk.get(`${at}/versions/1`).expect(200)).body).toEqual({ ...rest.data[0], ...first })
    expect((await desk.get(`${at}/versions/2`).expect(200)).body).toMatchObject({
      ...first,
      title: 'Two',
      description: null,
    })
    for (const path of ['/versions/4', '/versions/0', '/versions/x', '/versions/999999999'])
      expect([400, 404], path).toContain((await desk.get(`${at}${path}`)).status)
    // A cursor belongs to the history that gave it out.
    await desk.post(FRONTS, { key: 'other', title: 'Other' }).expect(201)
    await desk.get(`${frontAt('other')}/versions?cursor=${page.page.next}`).expect(400)
  })

  it('brings a version back as a new one, at once for readers, with rails that are gone since as missing', async () => {
    const at = frontAt('restored')
    await desk.post(RAILS, { key: 'brief', title: 'Brief' }).expect(201)
    const rails = [{ key: 'brief', priority: 9 }, { key: 'top' }]
    await desk.post(FRONTS, { key: 'restored', title: 'Before', rails }).expect(201)
    await desk.put(at, { title: 'After', rails: [] }, 1).expect(200)
    await desk.delete(railAt('brief'), '*').expect(204)
    await desk.post(`${at}/versions/1/restore`).expect(428)
    const late = await desk.change(`${at}/versions/1/restore`, 1).expect(412)
    expect(late.body).toMatchObject({ currentVersion: 2, changed: ['title', 'rails'] })
    await desk.change(`${at}/versions/3/restore`, 2).expect(404)
    const { body, headers } = await desk.change(`${at}/versions/1/restore`, 2).expect(200)
    expect(headers.etag).toBe('"3"')
    expect(body).toMatchObject({
      title: 'Before',
      version: 3,
      rails: [
        { key: 'brief', priority: 9, state: 'missing' },
        { key: 'top', priority: 0, state: 'ok' },
      ],
    })
    const seen = (await app.nobody.get('/v1/fronts/restored').expect(200)).body
    expect([seen.title, seen.rails.map(({ key }: { key: string }) => key)]).toEqual(['Before', ['top']])
    const { data } = (await desk.get(`${at}/versions`)).body
    expect(data.map(({ action }: { action: string }) => action)).toEqual(['restore-version', 'replace', 'create'])
    expect((await desk.get(`${at}/versions/2`)).body).toMatchObject({ title: 'After', rails: [] })
  })
})
