import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const stored = () => app.db.read.$count(app.db.tables.articles)
const valid = '{"headline":"Valid","bodyText":"x"}'
const nested = (depth: number) => `{"headline":"Deep","x":${'['.repeat(depth)}${']'.repeat(depth)}}`

/** Sends these bytes as a new article; nothing may be stored of them. */
async function refused(bytes: string | Buffer, status: number, fields?: Record<string, string>) {
  const before = await stored()
  const response = await desk.raw('post', ARTICLES, bytes, fields).expect(status)
  expect(response.headers['content-type']).toContain('application/problem+json')
  expect(await stored()).toBe(before)
  return response
}

describe('a body that is not JSON', () => {
  it.each([
    ['blanks', '  \n'],
    ['half an object', '{"headline":"x"'],
    ['a trailing comma', '{"headline":"x",}'],
    ['a comment', '{"headline":"x"/* why */}'],
    ['single quotes', "{'headline':'x'}"],
    ['two documents', '{"headline":"x"}{"headline":"y"}'],
    ['a line break inside a text', '{"headline":"x\ny"}'],
    ['NaN', '{"headline":NaN}'],
    ['a broken escape', '{"headline":"\\u12"}'],
    ['a form', 'headline=x&bodyText=y'],
    ['a prototype', '{"__proto__":{"headline":"x"}}'],
  ])('(%s) is refused', async (_what, bytes) => {
    expect((await refused(bytes, 400)).body.code).toBe('malformed-json')
  })

  it('is told the line and column of the fault', async () => {
    const { body } = await refused('{\n  "headline": "x",\n  "kicker": oops\n}', 400)
    expect(body.detail).toContain('line 3, column 13')
  })

  it.each(['[]', 'null', '5', '"text"', 'true', '[{"headline":"x"}]'])(
    'or not an object (%s) is refused',
    async (raw) => {
      const { body } = await refused(raw, 422)
      expect(body.errors).toMatchObject([{ pointer: '#' }])
    },
  )
})

describe('a body that two readers would read in two ways', () => {
  it.each([
    ['at the top', '{"headline":"One","headline":"Two"}', '#/headline'],
    ['behind an escape', '{"headline":"One","\\u0068eadline":"Two"}', '#/headline'],
    ['in a nested object', '{"headline":"x","image":{"url":"a","url":"b"}}', '#/image/url'],
    ['in a list', '{"headline":"x","tags":[{"name":"a","name":"b"}]}', '#/tags/0/name'],
  ])('because a member is there twice %s is refused', async (_where, raw, pointer) => {
    const { body } = await refused(raw, 400)
    expect(body).toMatchObject({ code: 'malformed-json', detail: expect.stringContaining(pointer) })
  })

  it.each([
    ['a byte that no UTF-8 has', Buffer.from([0xff])],
    ['half a character', Buffer.from([0xe6, 0x97])],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80])],
    ['a slash in two bytes', Buffer.from([0xc0, 0xaf])],
  ])('because it has %s is refused', async (_what, bytes) => {
    await refused(Buffer.concat([Buffer.from('{"headline":"x'), bytes, Buffer.from('"}')]), 400)
  })

  it('because it is UTF-16 is refused, whether it says so or not', async () => {
    await refused(Buffer.from(valid, 'utf16le'), 422)
    await refused(Buffer.from(`\ufeff${valid}`, 'utf16le'), 400)
    await refused(valid, 415, { 'content-type': 'application/json; charset=utf-16' })
    await refused(Buffer.from(valid, 'utf16le'), 415, { 'content-type': 'application/json; charset=UTF-16LE' })
    await refused(valid, 415, { 'content-type': 'application/json; charset="iso-8859-1"' })
  })
})

describe('a text that one of the engines cannot store', () => {
  it.each([
    ['U+0000', '\\u0000'],
    ['a high surrogate alone', '\\ud800'],
    ['a low surrogate alone', '\\udc00x'],
    ['a pair the wrong way round', '\\udc00\\ud800'],
  ])('(%s) is refused wherever it stands', async (_what, text) => {
    const places: [string, string][] = [
      [`{"headline":"a${text}"}`, '#/headline'],
      [`{"headline":"x","notes":"${text}"}`, '#/notes'],
      [`{"headline":"x","bodyText":"${text}"}`, '#/bodyText'],
      [`{"headline":"x","bodyHtml":"<p>${text}</p>"}`, '#/bodyHtml'],
      [`{"headline":"x","tags":[{"name":"${text}"}]}`, '#/tags/0/name'],
      [`{"headline":"x","body":[{"_type":"code","code":"${text}"}]}`, '#/body/0/code'],
    ]
    for (const [raw, pointer] of places) {
      const { body } = await refused(raw, 422)
      expect(body.errors).toMatchObject([{ pointer, code: 'invalid-text' }])
    }
    expect((await refused(`{"headline":"x","${text}":1}`, 422)).body.errors[0].code).toBe('invalid-text')
  })

  it('is refused in a patch too', async () => {
    const before = await draft(desk)
    const at = articleAt(before.id)
    await desk.raw('patch', at, '{"notes":"\\ud800"}', { 'if-match': '"1"' }).expect(422)
    expect((await desk.get(at)).body).toEqual(before)
  })

  it('is told from one that only looks like it', async () => {
    const raw = '{"headline":"\\ud83d\\ude00 \\\\u0000 \\u0001 \\ufffe \\uffff"}'
    const { body } = await desk.raw('post', ARTICLES, raw).expect(201)
    expect((await desk.get(articleAt(body.id))).body.headline).toBe('😀 \\u0000 \u0001 \ufffe \uffff')
  })
})

describe('a body too much', () => {
  it('is refused as too deep before anything recurses into it', async () => {
    for (const depth of [65, 1_000, 100_000]) {
      const { body } = await refused(nested(depth), 400)
      expect(body.detail).toContain('64 levels')
    }
    await refused(`{"headline":"x","a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, 400)
    await refused('['.repeat(200_000), 400)
    await refused(nested(60), 422)
  })

  it('is refused as too large, also where it does not say its length', async () => {
    const large = `{"headline":"x","notes":"${'x'.repeat(2_200_000)}"}`
    expect((await refused(large, 413)).body.code).toBe('payload-too-large')
  })
})

describe('a body of another kind', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/merge-patch+json',
    'application/jsonp',
    'text/json',
    'nonsense',
  ])('%s is refused, and told what is taken', async (type) => {
    const { headers } = await refused(valid, 415, { 'content-type': type })
    expect(headers['accept-post']).toBe('application/json')
  })

  it('is not unpacked', async () => {
    const { status } = await desk.raw('post', ARTICLES, gzipSync(valid), { 'content-encoding': 'gzip' })
    expect([400, 415]).toContain(status)
  })

  it('is taken with the charset that JSON has anyway, and with a mark of byte order', async () => {
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON;Charset="UTF-8"', 'application/json; x=y'])
      await desk.raw('post', ARTICLES, valid, { 'content-type': type }).expect(201)
    await desk.raw('post', ARTICLES, `\ufeff${valid}`).expect(201)
  })

  it('that is not there at all is refused', async () => {
    const before = await stored()
    const { body } = await desk.post(ARTICLES).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#' }])
    expect(await stored()).toBe(before)
  })
})
