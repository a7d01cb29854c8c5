import { beforeAll, describe, expect, it } from 'vitest'
import { JSON_PATCH } from '../../src/http/content-types.ts'
import type { WebhookCreated } from '../../src/webhooks/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { auditRows } from '../support/audit.ts'
import type { Desk } from '../support/builders.ts'
import { OPEN, startReceiver, WEBHOOKS } from '../support/receiver.ts'

let app: TestApp
let admin: Desk
const log: string[] = []
beforeAll(async () => {
  app = await startApp({ settings: OPEN, onLog: (line) => log.push(line) })
  admin = await app.withRole('admin')
})

const hook = (fields: object = {}) => ({ name: 'The app', url: 'https://app.example/hooks', ...fields })
const made = async (fields: object = {}): Promise<WebhookCreated> =>
  (await admin.post(WEBHOOKS, hook(fields)).expect(201)).body
const FASTLY = {
  format: 'fastly',
  url: 'https://api.fastly.com',
  service: 'SU1Z0isxPaozGVKXdv0eY',
  token: 'canary-token',
}

describe('an endpoint', () => {
  it('is made, read, listed, changed and deleted, each under its version', async () => {
    const { id, secret, ...rest } = await made({ kinds: ['article.published'], sections: ['world'] })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const at = `${WEBHOOKS}/${id}`
    expect((await admin.get(at).expect(200)).body).toEqual({ id, ...rest })
    expect((await admin.get(WEBHOOKS)).body.data[0]).toEqual({ id, ...rest })
    await admin.patch(at, { name: 'New' }).expect(428)
    const { body, headers } = await admin.patch(at, { name: 'New', kinds: [] }, 1).expect(200)
    expect(body).toMatchObject({ name: 'New', kinds: [], sections: ['world'], version: 2 })
    expect(headers.etag).toBe('"2"')
    expect((await admin.patch(at, { name: 'Newer' }, 1).expect(412)).body.currentVersion).toBe(2)
    const operations = [{ op: 'add', path: '/sections/-', value: 'sport' }]
    expect((await admin.patch(at, operations, 2).type(JSON_PATCH).expect(200)).body.sections).toEqual([
      'world',
      'sport',
    ])
    const off = (await admin.patch(at, { isActive: false }, 3).expect(200)).body
    expect(off).toMatchObject({ isActive: false, disabled: { reason: 'desk' } })
    await admin.delete(at, 4).expect(204)
    await admin.get(at).expect(404)
    await admin.get(`${at}/deliveries`).expect(404)
    await admin.post(`${at}/test`).expect(404)
    await admin.post(`${at}/redeliver`, { after: 0 }).expect(404)
  })

  it('sends nothing again of what has not been, nor of a range that ends before it begins', async () => {
    const { id } = await made()
    const at = `${WEBHOOKS}/${id}/redeliver`
    const pointer = async (body: object) => (await admin.post(at, body).expect(422)).body.errors[0].pointer
    expect(await pointer({ after: 99_999_999 })).toBe('#/after')
    expect(await pointer({ after: 0, until: 0 })).toBe('#/until')
    expect((await admin.get(`${WEBHOOKS}/${id}/deliveries`)).body.data).toEqual([])
  })

  it.each([
    ['#/name', { name: '' }],
    ['#/url', { url: 'https://user:pass@app.example/' }],
    ['#/url', { url: 'app.example' }],
    ['#/url', { url: 'https://app.example/#hook' }],
    ['#/kinds/0', { kinds: ['article.publishd'] }],
    ['#/kinds/0', { kinds: ['desk.'] }],
    ['#/kinds/1', { kinds: ['article.*', 'desk.article.patch'] }],
    ['#/kinds/0', { kinds: ['desk.patcharticle'] }],
    ['#/kinds/0', { kinds: ['desk.listArticles'] }],
    ['#/kinds/0', { kinds: ['*'] }],
    ['#/url', { url: 'https://localhost/hooks' }],
    ['#/url', { url: 'https://app.localhost./hooks' }],
    ['#/after', { after: 1_000_000 }],
    ['#/format', { format: 'squid' }],
    ['#/after', { after: -1 }],
    ['#/token', { token: 'x' }],
    ['#/token', { ...FASTLY, token: undefined }],
    ['#/token', { format: 'nginx', url: 'https://cache.example' }],
    ['#/token', { ...FASTLY, token: 'two words\n' }],
    ['#/service', { ...FASTLY, service: undefined }],
    ['#/service', { ...FASTLY, service: '../../x' }],
    ['#/service', { service: 'zone' }],
    ['#/paths', { paths: ['/v1/articles'] }],
    ['#/paths/0', { format: 'nginx', url: 'https://cache.example', token: 'x', paths: ['v1'] }],
    ['#/url', { format: 'nginx', url: 'https://cache.example/?a', token: 'x' }],
    ['#/secret', { secret: 'whsec_mine' }],
  ])('is refused with %s named: %j', async (pointer, fields) => {
    const { body } = await admin.post(WEBHOOKS, hook(fields)).expect(422)
    expect(body.errors.map((each: { pointer: string }) => each.pointer)).toEqual([pointer])
  })

  it('that settings forbid since can be switched off, and not on again', async () => {
    const { id } = await made({ url: 'http://127.0.0.1:9/' })
    const strict = await startApp({ database: { url: app.url, drop: async () => {} }, clock: app.clock })
    const at = `${WEBHOOKS}/${id}`
    const chief = await strict.withRole('admin')
    await chief.patch(at, { url: 'http://127.0.0.1:8/' }, 1).expect(422)
    await chief.patch(at, { isActive: false, name: 'Old' }, 1).expect(200)
    await chief.patch(at, { isActive: true }, 2).expect(422)
  })

  it('takes its token to no other host, as whoever changes it need not have known it', async () => {
    const { id } = await made(FASTLY)
    const at = `${WEBHOOKS}/${id}`
    const { body } = await admin.patch(at, { url: 'https://evil.example' }, 1).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/token' }])
    const operations = [{ op: 'replace', path: '/url', value: 'https://evil.example' }]
    await admin.patch(at, operations, 1).type(JSON_PATCH).expect(422)
    await admin.patch(at, { url: 'https://api.fastly.com/v2' }, 1).expect(200)
    await admin.patch(at, { url: 'https://other.example', token: 'canary-other' }, 2).expect(200)
    await admin.patch(at, { token: null }, 3).expect(422)
    await admin.change(`${at}/rotate`, 3).expect(409)
  })

  it('there are no more than a hundred of', async () => {
    const { data } = (await admin.get(WEBHOOKS)).body
    for (let n = data.length; n < 100; n++) await made()
    expect((await admin.post(WEBHOOKS, hook()).expect(409)).body.detail).toMatch(/100/)
    for (const { id } of (await admin.get(WEBHOOKS)).body.data) await admin.delete(`${WEBHOOKS}/${id}`, '*').expect(204)
  })
})

it('secrets are shown once: not in later answers, not under the same Idempotency-Key, not in a batch, the log or the audit', async () => {
  const receiver = await startReceiver()
  receiver.answerWith((each, response) => response.writeHead(500).end(JSON.stringify(each.headers)))
  const once = () => admin.post(WEBHOOKS, hook({ url: receiver.url })).set('idempotency-key', 'hook')
  const first = (await once().expect(201)).body
  expect((await once().expect(409)).text).not.toContain(first.secret)
  const purge = await made({ ...FASTLY, url: receiver.url })
  const rotated = (await admin.change(`${WEBHOOKS}/${first.id}/rotate`, 1).expect(200)).body
  await admin.post(WEBHOOKS, hook({ token: 'canary-token', kind: 1 })).expect(422)
  const operation = { method: 'POST', path: WEBHOOKS, body: hook() }
  await admin.post('/v1/editorial/batch', { operations: [operation] }).expect(422)
  await admin
    .get(`/v1/articles/${encodeURIComponent(first.secret)}`)
    .set('x-request-id', first.secret)
    .expect(404)
  for (const { id } of [first, purge]) await admin.post(`${WEBHOOKS}/${id}/test`).expect(202)
  await app.services.sender.tick()
  expect(receiver.received.map(({ headers }) => headers['fastly-key'])).toContain('canary-token')
  const answers = [(await admin.get(WEBHOOKS)).text, JSON.stringify(await auditRows(app)), log.join('\n')]
  for (const { id } of [first, purge]) {
    answers.push((await admin.get(`${WEBHOOKS}/${id}`)).text, (await admin.get(`${WEBHOOKS}/${id}/deliveries`)).text)
    const [{ id: delivery }] = (await admin.get(`${WEBHOOKS}/${id}/deliveries`)).body.data
    answers.push((await admin.get(`${WEBHOOKS}/${id}/deliveries/${delivery}`)).text)
  }
  answers.push((await admin.patch(`${WEBHOOKS}/${purge.id}`, { name: 'New' }, '*')).text)
  for (const text of answers)
    for (const secret of [first.secret, rotated.secret, 'canary-token'])
      expect(text.includes(secret), text.slice(0, 300)).toBe(false)
  expect(answers.some((text) => text.includes('[secret]'))).toBe(true)
})

it('deliveries come in pages, both ways, by state', async () => {
  const receiver = await startReceiver()
  const { id } = await made({ url: receiver.url })
  for (let n = 0; n < 7; n++) await admin.post(`${WEBHOOKS}/${id}/test`).expect(202)
  const at = `${WEBHOOKS}/${id}/deliveries`
  const all = (await admin.get(at)).body.data.map((each: { id: string }) => each.id)
  const first = (await admin.get(`${at}?limit=3`).expect(200)).body
  const second = (await admin.get(`${at}?limit=3&cursor=${first.page.next}`).expect(200)).body
  const back = (await admin.get(`${at}?limit=3&cursor=${second.page.previous}`).expect(200)).body
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(all.slice(0, 6))
  expect(back.data).toEqual(first.data)
  expect((await admin.get(`${at}?state=delivered`)).body.data).toEqual([])
  await app.services.sender.tick()
  expect((await admin.get(`${at}?state=delivered`)).body.data).toHaveLength(7)
  await admin.get(`${at}?state=lost`).expect(400)
  await admin.get(`${at}?cursor=${first.page.next}&state=failed`).expect(400)
  await admin.get(`${at}/${id}`).expect(404)
})
