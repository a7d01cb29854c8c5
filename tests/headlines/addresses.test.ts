import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, RAILS } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const to = (url: string) => ({ headline: 'Elsewhere', target: { kind: 'url', url } })
let count = 0
const rail = (items: object[]) => desk.post(RAILS, { key: `addresses-${++count}`, title: 'Addresses', items })

it.each([
  ['another protocol', 'ftp://news.example/a'],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/html,Hello'],
  ['a mail address', 'mailto:desk@news.example'],
  ['no protocol', '//news.example/a'],
  ['a path alone', '/world/a'],
  ['one slash', 'https:/news.example/a'],
  ['backslashes', 'https:\\\\news.example\\a'],
  ['no host', 'https:///a'],
  ['a name', 'https://jane@news.example/'],
  ['a password', 'https://jane:secret@news.example/'],
  ['a password alone', 'https://:secret@news.example/'],
  ['an empty name', 'https://@news.example/'],
  ['a port that there is not', 'https://news.example:65536/'],
  ['letters for a port', 'https://news.example:https/'],
  ['digits of another script', 'https://news.example/١'],
  ['letters that are not encoded', 'https://news.example/ü'],
  ['a host that is not encoded', 'https://bücher.example/'],
  ['a broken code', 'https://news.example/%zz'],
  ['a blank inside', 'https://news.example/a b'],
  ['a blank before', ' https://news.example/'],
  ['a line break after', 'https://news.example/\n'],
  ['a blank in the host, encoded', 'https://news%20.example/'],
  ['a host of too many numbers', 'https://1.2.3.4.5/'],
  ['a reserved character', 'https://news.example/<b>'],
])('a link does not lead to an address with %s, nor does one below it', async (_what, url) => {
  const { body } = await rail([{ headline: 'First' }, { ...to(url), sublinks: [to(url)] }]).expect(422)
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()
  expect(pointers).toEqual(['#/items/1/sublinks/0/target/url', '#/items/1/target/url'])
  expect(body.errors[0].detail).toContain('http or https')
})

it('an address is as long as may be, and no longer', async () => {
  const long = (length: number) => `https://news.example/${'a'.repeat(length - 21)}`
  await rail([to(long(2_000))]).expect(201)
  const { body } = await rail([to(long(2_001))]).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/items/0/target/url', code: 'too-big' }])
})

it.each([
  'https://news.example',
  'HTTP://NEWS.Example:80/A/../b?c=%2f#d',
  'https://news.example:8443/',
  'https://xn--bcher-kva.example/',
  'https://news.example./',
  'https://[2001:db8::1]:8080/a',
  'https://192.0.2.1/a',
  'https://news.example/~jane/(a),b;c=d!$*+@:',
])('%s is stored and given as it was sent', async (url) => {
  const { body } = await rail([{ ...to(url), sublinks: [to(url)] }]).expect(201)
  expect(body.items).toMatchObject([{ ...to(url), sublinks: [to(url)] }])
  const [shown] = (await app.nobody.get(`/v1/rails/${body.key}`).expect(200)).body.items
  expect([shown.url, shown.target.url, shown.sublinks[0].url]).toEqual([url, url, url])
})

// What is sent whole is pointed at by its place in the list that it becomes, which is another one where links are moved or
// trimmed: the change of `withItems` (operations.ts) would have to tell where each was sent, as `withOperations` does.
it.each([
  ['?onDuplicate=move', [to('https://news.example/a'), to('https://news.example/b'), to('https://news.example/a')]],
  ['?overflow=trim', [to('https://news.example/a'), to('https://news.example/b'), to('https://news.example/c')]],
])('of a whole list an unknown article is pointed at where it was sent: %s', async (query, items) => {
  const { body: made } = await desk.post(RAILS, { key: `addresses-${++count}`, title: 'x', maxItems: 3 }).expect(201)
  const unknown = { target: { kind: 'article', id: crypto.randomUUID() }, pin: 0 }
  const { body } = await desk.put(`${RAILS}/${made.key}/items${query}`, { items: [...items, unknown] }, 1).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/items/3/target/id', code: 'unknown-article' }])
})
