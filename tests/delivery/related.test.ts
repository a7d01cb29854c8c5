import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { statementsOf } from '../support/statements.ts'

let app: TestApp
let desk: Desk
const ids: Record<string, string> = {}
const story = async (slug: string, headline: string, tags: string[], section: string, language = 'en') => {
  const named = tags.map((name) => ({ name }))
  ids[slug] = (await published(desk, { slug, headline, tags: named, section: { name: section }, language })).id
  app.clock.pass(1_000)
}
const related = async (slug: string, query = ''): Promise<string[]> =>
  (await app.nobody.get(`/v1/articles/${slug}/related${query}`).expect(200)).body.data.map(
    ({ slug }: { slug: string }) => slug,
  )

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  for (let n = 0; n < 40; n++) await story(`common-${n}`, `Nothing alike ${n}`, ['Politics'], 'World')
  await story('same-words', 'Harbour ferries sail', [], 'Culture')
  await story('same-tag', 'Another subject', ['Ferries'], 'Sport')
  await story('both', 'Harbour again', ['Ferries'], 'Sport')
  await story('french', 'Harbour ferries', ['Ferries'], 'World', 'fr')
  await story('one', 'Harbour ferries resume', ['Ferries', 'Politics'], 'World')
  await story('alone', 'Xylophones', [], 'Music')
})

it('what shares what few have comes first, then what shares what many have, the newest of these', async () => {
  const found = await related('one', '?limit=10')
  expect(found.slice(0, 3).toSorted()).toEqual(['both', 'same-tag', 'same-words'])
  expect(found[0]).toBe('both')
  expect(found.slice(3)).toEqual([39, 38, 37, 36, 35, 34, 33].map((n) => `common-${n}`))
  expect(await related('one')).toHaveLength(6)
  expect(await related('one', '?limit=1')).toEqual(['both'])
})

it('never itself, what is in another language, or what readers do not see', async () => {
  await draft(desk, { headline: 'Harbour ferries hidden', tags: [{ name: 'Ferries' }] })
  const gone = await published(desk, { headline: 'Harbour ferries gone', tags: [{ name: 'Ferries' }] })
  await desk.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
  const found = await related('one', '?limit=100')
  expect(found).not.toContain('one')
  expect(found).not.toContain('french')
  expect(found.every((slug) => slug in ids)).toBe(true)
  expect(await related('alone')).toEqual([])
})

it('is found by id and slug, moves with a former slug, and is not there for what is not', async () => {
  expect(await related(ids.one ?? '')).toEqual(await related('one'))
  await desk.patch(articleAt(ids.alone ?? ''), { slug: 'lonely' }, '*').expect(200)
  await desk.change(`${articleAt(ids.alone ?? '')}/publish`, '*').expect(200)
  const moved = await app.nobody.get('/v1/articles/alone/related?limit=2').expect(301)
  expect(moved.headers.location).toBe('/v1/articles/lonely/related?limit=2')
  await app.nobody.get('/v1/articles/nothing/related').expect(404)
})

it('has a tag that changes with what is shown, and the fields that are named', async () => {
  const path = '/v1/articles/one/related?limit=1&fields=slug'
  const { body, headers } = await app.nobody.get(path).expect(200)
  expect(body).toEqual({ data: [{ slug: 'both' }] })
  const again = () => app.nobody.get(path).set('if-none-match', headers.etag ?? '')
  await again().expect(304)
  await desk.change(`${articleAt(ids.both ?? '')}/withdraw`, '*').expect(200)
  await again().expect(200)
})

it('takes the same few statements, however many there are', async () => {
  const sent = async (slug: string) =>
    (await statementsOf(app.url, () => app.nobody.get(`/v1/articles/${slug}/related`).expect(200).then())).length
  expect(await sent('one')).toBe(await sent('common-1'))
  expect(await sent('one')).toBeLessThanOrEqual(7)
})
