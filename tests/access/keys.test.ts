import { beforeAll, describe, expect, it } from 'vitest'
import { roleNames, roles } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, type Desk } from '../support/builders.ts'

let app: TestApp
let admin: Desk
const log: string[] = []
const KEYS = '/v1/editorial/keys'
beforeAll(async () => {
  app = await startApp({ onLog: (line) => log.push(line) })
  admin = await app.withRole('admin')
})

describe('a new key', () => {
  it.each(roleNames)('for a %s is shown once, and says what it may do', async (role) => {
    const { body } = await admin.post(KEYS, { name: 'News desk', role }).expect(201)
    expect(body).toMatchObject({ name: 'News desk', role, hint: body.key.slice(-4), revokedAt: null })
    expect(body.key).toMatch(/^dl_dev_[\w-]{43}$/)
    const who = app.as(body.key)
    const me = await who.get('/v1/me').expect(200)
    expect(me.body).toEqual({ id: body.id, name: 'News desk', role, scopes: roles[role] })
    const list = await admin.get(KEYS).expect(200)
    expect(list.body.data.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ hint: body.hint })
    for (const { text } of [list, me, await admin.delete(`${KEYS}/${body.id}`).expect(200)]) {
      expect(text).not.toContain(body.key)
      expect(text).not.toContain(body.key.slice('dl_dev_'.length, -4))
    }
    expect(list.text).not.toMatch(/hash|secret|"key"/)
  })

  it('has 256 bits of its own, and another one each time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => admin.post(KEYS, { name: 'a', role: 'reader' })))
    expect(new Set(keys.map(({ body }) => body.key)).size).toBe(20)
    expect(Buffer.from(keys[0]?.body.key.slice('dl_dev_'.length), 'base64url')).toHaveLength(32)
  })

  it.each([
    { name: '', role: 'reader' },
    { name: 'a'.repeat(101), role: 'reader' },
    { name: 'a', role: 'Admin' },
    { name: 'a', role: 'toString' },
    { name: 'a' },
    { name: 'a', role: 'reader', key: 'dl_dev_mine' },
    { name: 'a', role: 'reader', scopes: ['keys:write'] },
  ])('cannot be %o', async (fields) => {
    const before = (await admin.get(KEYS)).body.data.length
    await admin.post(KEYS, fields).expect(422)
    expect((await admin.get(KEYS)).body.data).toHaveLength(before)
  })
})

describe('a revoked key', () => {
  it('is refused at the very next request, at every door, and stays so', async () => {
    const { body } = await admin.post(KEYS, { name: 'Left the desk', role: 'editor' }).expect(201)
    const who = app.as(body.key)
    await who.get(ARTICLES).expect(200)
    const revoked = await admin.delete(`${KEYS}/${body.id}`).expect(200)
    expect(revoked.body.revokedAt).toMatch(/^2026-/)
    for (const path of [ARTICLES, '/v1/articles', '/v1/me', '/v1/rails']) await who.get(path).expect(401)
    await who.post(ARTICLES, { headline: 'a' }).expect(401)
    const again = await admin.delete(`${KEYS}/${body.id}`).expect(200)
    expect(again.body).toEqual(revoked.body)
    await who.get(ARTICLES).expect(401)
    await admin.get(ARTICLES).expect(200)
  })

  it('is answered like one that never was', async () => {
    const { id, key } = await app.services.access.create('a', 'editor')
    await app.services.access.revoke(id)
    const one = await app.as(key).get(ARTICLES).set('x-request-id', 'same').expect(401)
    const other = await app.as(key.replace(/.$/, '!').replace('!', 'A')).get(ARTICLES).set('x-request-id', 'same')
    expect(one.text).toBe(other.text)
    expect(one.headers['www-authenticate']).toBe(other.headers['www-authenticate'])
  })

  it('may be the one that asks', async () => {
    const { id, key } = await app.services.access.create('Last act', 'admin')
    await app.as(key).delete(`${KEYS}/${id}`).expect(200)
    await app.as(key).get(KEYS).expect(401)
  })

  it('that is unknown cannot be revoked', async () => {
    for (const id of ['x', '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02']) await admin.delete(`${KEYS}/${id}`).expect(404)
  })
})

describe('a key in a wrong form', () => {
  const wrong = (key: string) => [
    key,
    `bearer`,
    `Basic ${key}`,
    `Basic ${Buffer.from(`x:${key}`).toString('base64')}`,
    `Bearer${key}`,
    `Bearer ${key} ${key}`,
    `Bearer ${key},${key}`,
    `Bearer "${key}"`,
    `Bearer ${key.toUpperCase()}`,
    `Bearer ${key.slice(0, -1)}`,
    `Bearer ${key}=`,
    `Bearer ${key.replace('dl_dev_', '')}`,
    'Bearer undefined',
    `Bearer ' or 1=1 --`,
    `Bearer ${'a'.repeat(8000)}`,
    `Token ${key}`,
    '',
  ]
  it('is refused with 401 at both doors, and the answer does not repeat it', async () => {
    for (const field of wrong(admin.key ?? '')) {
      for (const path of [ARTICLES, '/v1/articles', '/v1/me']) {
        const response = await app.nobody.get(path).set('authorization', field).expect(401)
        expect(response.body.code, field).toBe('unauthenticated')
        expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="dateline"/)
        expect(response.text).not.toContain(admin.key)
      }
    }
  })

  it('is none where the scheme is spelt in another case', async () => {
    await app.nobody.get(ARTICLES).set('authorization', `bearer ${admin.key}`).expect(200)
    await app.nobody.get(ARTICLES).set('authorization', `BEARER  ${admin.key} `).expect(200)
  })

  it('in the address or the body is not a key', async () => {
    for (const query of [`?key=${admin.key}`, `?access_token=${admin.key}`])
      await app.nobody.get(ARTICLES + query).expect(401)
    await app.nobody.post(ARTICLES, { headline: 'a', key: admin.key }).expect(401)
    await app.nobody.get(ARTICLES).set('cookie', `authorization=Bearer ${admin.key}`).expect(401)
  })
})

it('no key is in the log, whatever was done with it, and its owner is', async () => {
  const { body } = await admin.post(KEYS, { name: 'Canary', role: 'editor' }).expect(201)
  const who = app.as(body.key)
  await who.get(`${ARTICLES}?key=${body.key}`).expect(400)
  await who.get(`/v1/articles/x?token=${body.key}`).expect(400)
  await who.raw('post', ARTICLES, `{"headline": "${body.key}`).expect(400)
  await who.post(ARTICLES, { [body.key]: 1 }).expect(422)
  await who.get('/v1/editorial/keys').expect(403)
  await admin.delete(`${KEYS}/${body.id}`).expect(200)
  await who.get(ARTICLES).expect(401)
  const text = log.join('')
  expect(text).toContain(body.id)
  expect(text).not.toContain(body.key.slice('dl_dev_'.length))
  expect(text).not.toContain((admin.key ?? '-').slice('dl_dev_'.length))
  expect(text).not.toMatch(/bearer/i)
})
