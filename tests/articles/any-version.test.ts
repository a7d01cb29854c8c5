import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linksOf } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const ten = Array.from({ length: 10 }, (_, n) => n)

it('of ten concurrent changes that take whichever version stands, each is made and none is lost', async () => {
  const { id } = await draft(desk)
  const answers = await Promise.all(ten.map((n) => desk.patch(articleAt(id), { kicker: `Change ${n}` }, '*')))
  expect(answers.map(({ status }) => status)).toEqual(ten.map(() => 200))
  expect(answers.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual(ten.map((n) => n + 2))
})

it('of ten headlines that are added at once to whichever list stands, each is in it', async () => {
  const { id } = await draft(desk)
  const add = (n: number) => desk.change(linksOf(id), '*', { headline: `Headline ${n}` })
  const answers = await Promise.all(ten.map(add))
  expect(answers.map(({ status }) => status)).toEqual(ten.map(() => 201))
  const { body } = await desk.get(linksOf(id)).expect(200)
  expect(body.items.map(({ headline }: { headline: string }) => headline).sort()).toEqual(
    ten.map((n) => `Headline ${n}`),
  )
})

it('two tags that would be one are refused by name, instead of one being dropped', async () => {
  const tags = [{ name: 'Budget!' }, { name: 'Trade' }, { name: 'Budget?' }]
  const { body } = await desk.post('/v1/editorial/articles', { headline: 'Twins', tags }).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/tags/2', code: 'duplicate' }])
})

it('a transition with a body that it does not know is refused, because what the body says would not happen', async () => {
  const { id } = await draft(desk)
  const { body } = await desk.change(`${articleAt(id)}/publish`, 1, { liveform: '2030-01-01T00:00:00Z' }).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/liveform', didYouMean: 'liveFrom' }])
  await app.nobody.get(`/v1/articles/${id}`).expect(404)
  await desk.change(`${articleAt(id)}/publish`, 1, {}).expect(200)
})

it('a link to an article can be pointed elsewhere, and back', async () => {
  const { id } = await draft(desk)
  const { body: target } = await desk.post('/v1/editorial/articles', { headline: 'Target' }).expect(201)
  const link = { headline: 'Elsewhere', target: { kind: 'article', id: target.id } }
  const { body: made } = await desk.change(linksOf(id), 0, link).expect(201)
  const at = `/v1/editorial/headline-links/${made.id}`
  const elsewhere = { kind: 'url', url: 'https://news.example/a' }
  expect((await desk.patch(at, { target: elsewhere }, 1).expect(200)).body.target).toEqual(elsewhere)
  expect((await desk.patch(at, { target: link.target }, 2).expect(200)).body.target).toEqual(link.target)
})
