import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

describe('an answer is never many times its request', () => {
  it('however many fields nobody knows', async () => {
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`unknown-${n}`, n]))
    const { text, body } = await desk.post(ARTICLES, fields).expect(422)
    expect(body.errors.length).toBeLessThanOrEqual(50)
    expect(text.length).toBeLessThan(50_000)
  })

  it('however many texts cannot be stored', async () => {
    const bytes = `{"tags":[${Array.from({ length: 50_000 }, () => '"\\u0000"').join()}]}`
    const { body } = await desk.raw('post', ARTICLES, bytes).expect(422)
    expect(body.errors).toHaveLength(50)
  })

  it('however many parameters nobody knows', async () => {
    const query = Array.from({ length: 500 }, (_, n) => `p${n}`).join('&')
    const { text } = await app.nobody.get(`/v1/articles?${query}`).expect(400)
    expect(text.length).toBeLessThan(20_000)
  })
})

describe('what an operation does not know', () => {
  it('is refused as a parameter of a write, which is not done', async () => {
    const { id } = await draft(desk)
    await desk.delete(`${articleAt(id)}?dryrun=true`, 1).expect(400)
    await desk.post(`${ARTICLES}?dryRun=yes`, { headline: 'Not written' }).expect(400)
    const { body } = await desk.get(articleAt(id)).expect(200)
    expect(body).toMatchObject({ state: 'draft', version: 1 })
  })

  it('is refused as a coding of the body', async () => {
    const { headers } = await desk.raw('post', ARTICLES, '{"headline":"x"}', { 'content-encoding': 'gzip' }).expect(415)
    expect(headers['accept-encoding']).toBe('identity')
  })

  it('is not missed where a client names the type of a body that it does not send', async () => {
    const { id } = await draft(desk)
    const publish = desk.raw('post', `${articleAt(id)}/publish`, '', { 'if-match': '"1"' })
    expect((await publish.expect(200)).body.state).toBe('live')
  })
})

it('the reader of the reference is sent once to who keeps it', async () => {
  const { headers } = await app.nobody.get('/docs/').expect(200)
  await app.nobody.get('/docs/').set('if-none-match', String(headers.etag)).expect(304)
})
