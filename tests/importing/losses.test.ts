import { expect, it } from 'vitest'
import { makeReady } from '../../src/importing/ready.ts'
import { article, readAll } from './formats/reading.ts'

const page = (body: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>A page</title></head><body>${body}</body></html>`
const told = async (body: string) =>
  makeReady(await article('a.html', page(`<h1>Told</h1><p>Words.</p>${body}`))).warnings.filter(
    (each) => !/draft|date/.test(each),
  )

it('what no text here can hold is told', async () => {
  expect(await told('<table><tr><td rowspan=2>r</td><td>1</td></tr><tr><td>2</td></tr></table>')).toEqual([
    expect.stringMatching(/^Cells of a table/),
  ])
  expect(
    await told('<p><a href="https://h.example/big.jpg"><img src="https://h.example/a.jpg" alt="A"></a></p>'),
  ).toEqual([expect.stringMatching(/^Pictures do not lead anywhere/)])
  expect(await told('<p>a&#0;b</p><p>c&#xD800;d</p>')).toEqual([expect.stringMatching(/no character/)])
  expect(await told('<ol start="4"><li>Four</li></ol>')).toEqual([expect.stringMatching(/^Numbered lists/)])
  for (const hidden of ['<p hidden>x</p>', '<p class="a" style="color:red; display: none">x</p>'])
    expect(await told(hidden)).toEqual([expect.stringMatching(/hidden/)])
  const led = await article('b.md', '---\ntitle: A\ndate: 2020-01-01\n---\n[![alt](/k.jpg)](https://k.example)\n')
  expect(makeReady(led).warnings).toContainEqual(expect.stringMatching(/^Pictures do not lead/))
  expect(await told('<table><tr><td colspan="1">1</td></tr></table><p>&#65; <a href="/x">words</a></p>')).toEqual([])
  const markdown = await article('a.md', '---\ntitle: A\ndate: 2020-01-01\n---\nOne.\n\n<title>Said here</title>\n')
  expect(makeReady(markdown).warnings).toContainEqual(expect.stringContaining('"Said here"'))
})

it('a page with a NUL is refused with the reason, and never loses a sign in silence', async () => {
  const [record] = await readAll('a.html', page('<p>a\0b</p>'))
  expect(record).toMatchObject({ kind: 'failed', why: expect.stringContaining('NUL') })
})

it('what was published at a date that nobody can read does not go out as of today, from Ghost and as ninjs neither', async () => {
  const post = { id: '1', title: 'A', slug: 'a', html: '<p>A.</p>', status: 'published', visibility: 'public' }
  const ghost = (published_at: unknown) =>
    JSON.stringify({ db: [{ meta: { exported_on: 1, version: '5.0' }, data: { posts: [{ ...post, published_at }] } }] })
  const item = (versioncreated: unknown) =>
    JSON.stringify({
      uri: 'urn:x:1',
      type: 'text',
      headline: 'A',
      body_html: '<p>A.</p>',
      pubstatus: 'usable',
      versioncreated,
    })
  for (const at of ['soon', null, '2020-13-01']) {
    for (const [name, text, format] of [
      ['a.json', ghost(at), 'ghost'],
      ['a.ninjs', item(at), 'ninjs'],
    ] as const) {
      const [record] = await readAll(name, text, {}, format)
      expect(record, `${name} ${at}`).toMatchObject({ kind: 'article', publication: { state: 'draft' } })
      expect(record?.kind === 'article' && record.warnings.join()).toContain('without a date that can be read')
    }
  }
  const [sound] = await readAll('a.json', ghost('2020-01-01T00:00:00Z'), {}, 'ghost')
  expect(sound).toMatchObject({ publication: { state: 'published' } })
})

it('a standfirst that is written in Markdown or HTML is what that says, and one with signs of its own stays', async () => {
  const deck = async (text: string) =>
    (await article('a.md', `---\ntitle: A\ndate: 2020-01-01\ndeck: '${text}'\n---\nX.\n`)).fields
  expect((await deck('**Bold** and [led](https://h.example)')).standfirst).toBe('Bold and led')
  expect((await deck('<strong>Bold</strong> &amp; more')).standfirst).toBe('Bold & more')
  expect((await deck('2 * 3 * 4 < 30, _a_')).standfirst).toBe('2 * 3 * 4 < 30, _a_')
})

it('is found where Hugo had it: in the folder of its file, by its slug', async () => {
  const paths = async (name: string, head: string) =>
    (await article(name, `---\ntitle: A\ndate: 2020-01-01\n${head}---\nX.\n`)).filePaths
  expect(await paths('content/news/2024/18f.md', 'slug: 18f-at-ten\n')).toContain('/news/2024/18f-at-ten')
  expect(await paths('content/news/18f/index.md', 'slug: 18f-at-ten\n')).toContain('/news/18f-at-ten')
  expect(await paths('content/news/18f.md', '')).toEqual(['/news/18f', '/18f.md'])
})
