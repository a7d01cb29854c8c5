import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { ARTICLE_URL: 'https://news.example/{slug}?id={id}' } })
  desk = await app.withRole('editor')
})

const at = (key: string, rest = '') => `/v1/articles/${key}${rest}`
const text = 'A first paragraph.\n\nA second one, with “quotes” & <signs>.\n\nA third.'
const fields = { html: 'bodyHtml', blocks: 'body', markdown: 'bodyMarkdown', text: 'bodyText' } as const
type Form = keyof typeof fields
const forms = Object.keys(fields) as Form[]

describe('one article', () => {
  it('is the same by slug and by id, at the address of the public site', async () => {
    const { id, slug } = await published(desk)
    const bySlug = await app.nobody.get(at(slug)).expect(200)
    const byId = await app.nobody.get(at(id)).expect(200)
    expect(byId.text).toBe(bySlug.text)
    expect(byId.headers.etag).toBe(bySlug.headers.etag)
    expect(bySlug.body).toMatchObject({ id, slug, url: `https://news.example/${slug}?id=${id}`, headlines: [] })
  })

  it('has nothing of what is only for the desk', async () => {
    const { slug } = await published(desk, { notes: 'Ask legal', externalId: 'wire:1' })
    const { body } = await app.nobody.get(at(slug, '?body=html,blocks,markdown,text'))
    const desks = ['notes', 'provenance', 'externalId', 'state', 'version', 'createdAt', 'createdBy', 'updatedBy']
    for (const field of [...desks, 'liveFrom', 'liveUntil', 'trashedAt']) expect(body).not.toHaveProperty(field)
  })

  it('comes in every set of forms that is asked for, in any order, and in no other', async () => {
    const { slug } = await published(desk, { bodyText: text })
    const all = (await app.nobody.get(at(slug, '?body=html,blocks,markdown,text'))).body
    for (let set = 1; set < 16; set++) {
      const wanted = forms.filter((_, bit) => set & (1 << bit))
      const one = await app.nobody.get(at(slug, `?body=${wanted.join()}`)).expect(200)
      const other = await app.nobody.get(at(slug, `?body=${wanted.toReversed().join()}`)).expect(200)
      expect(other.text).toBe(one.text)
      expect(other.headers.etag).toBe(one.headers.etag)
      for (const form of forms) {
        if (wanted.includes(form)) expect(one.body[fields[form]], form).toEqual(all[fields[form]])
        else expect(one.body, form).not.toHaveProperty(fields[form])
      }
    }
    const standard = await app.nobody.get(at(slug)).expect(200)
    expect(standard.text).toBe((await app.nobody.get(at(slug, '?body=html'))).text)
    const none = await app.nobody.get(at(slug, '?body=none')).expect(200)
    for (const form of forms) expect(none.body).not.toHaveProperty(fields[form])
  })

  it('says the same in each of them', async () => {
    const { slug } = await published(desk, { bodyText: text })
    const { body } = await app.nobody.get(at(slug, '?body=html,blocks,markdown,text'))
    expect(body.bodyText).toBe(text)
    expect(body.body.map((block: { children: { text: string }[] }) => block.children[0]?.text)).toEqual(
      text.split('\n\n'),
    )
    expect(body.bodyHtml).toBe(
      '<p>A first paragraph.</p><p>A second one, with “quotes” &#x26; &#x3C;signs>.</p><p>A third.</p>',
    )
    expect(body.bodyMarkdown.split('\n\n')).toHaveLength(3)
  })

  it('gives HTML that can be inserted as it is, whatever was written', async () => {
    const bodyHtml = `<p onclick="alert(1)">Text<script>alert(1)</script><img src=x onerror=alert(1)>
      <a href="javascript:alert(1)">link</a><a href="https://a.example/" onmouseover="x()">ok</a></p>
      <style>*{}</style><iframe src="https://e.example"></iframe><svg onload=alert(1)></svg>`
    const { slug } = await published(desk, {
      bodyText: undefined,
      bodyHtml,
      headline: '<img src=x onerror=alert(1)> Headline',
    })
    const { body } = await app.nobody.get(at(slug))
    expect(body.bodyHtml).toContain('Text')
    expect(body.bodyHtml).not.toMatch(/<(script|style|iframe|svg|object)|<[^>]*\son\w+=|javascript:/i)
    expect(body.headline).toBe('<img src=x onerror=alert(1)> Headline')
  })

  it('of the source document has its six paragraphs and its sixteen headlines, in order', async () => {
    const file = readFileSync(new URL('../../seeds/us-russia-istanbul-talks.txt', import.meta.url))
    const lines = file
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    const caller = { id: 'test', name: 'Test', role: 'admin' as const, scopes: roles.admin }
    const options = { headline: 'derive' as const, publish: true }
    const outcome = await app.services.importing.importDocument(caller, 'talks.txt', file, options)
    const { body } = await app.nobody.get(at('id' in outcome ? outcome.id : '', '?body=text'))
    expect(body.bodyText).toBe(lines.slice(0, 6).join('\n\n'))
    expect(body.headlines).toHaveLength(16)
    expect(body.headlines).toMatchObject(
      lines.slice(6).map((headline, position) => ({ headline, position, url: null, target: null })),
    )
  })
})

describe('an article with a new slug', () => {
  const rename = async (id: string, slug: string) => {
    await desk.patch(articleAt(id), { slug }, '*').expect(200)
    await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
  }

  it('answers its former ones with 301 to the present one, query and all', async () => {
    const { id } = await published(desk, { slug: 'first-name' })
    await rename(id, 'second-name')
    await rename(id, 'third-name')
    for (const former of ['first-name', 'second-name']) {
      const moved = await app.nobody.get(at(former, '?body=text,html')).expect(301)
      expect(moved.headers.location).toBe(at('third-name', '?body=text,html'))
      expect(moved.text).toBe('')
      expect(moved.headers).not.toHaveProperty('etag')
      expect((await app.nobody.get(at(former)).expect(301)).headers.location).toBe(at('third-name'))
      const links = await app.nobody.get(at(former, '/headlines')).expect(301)
      expect(links.headers.location).toBe(at('third-name', '/headlines'))
      expect((await app.nobody.head(at(former)).expect(301)).headers.location).toBe(at('third-name'))
    }
    await app.nobody.get(at(id)).expect(200)
    await app.nobody.get(at('third-name')).expect(200)
  })

  it('may go back to a former one, and then the other moves', async () => {
    const { id } = await published(desk, { slug: 'to' })
    await rename(id, 'fro')
    await rename(id, 'to')
    await app.nobody.get(at('to')).expect(200)
    expect((await app.nobody.get(at('fro')).expect(301)).headers.location).toBe(at('to'))
  })

  it('is not at the new one before it is published again', async () => {
    const { id } = await published(desk, { slug: 'known' })
    await desk.patch(articleAt(id), { slug: 'not-yet-known' }, '*').expect(200)
    await app.nobody.get(at('not-yet-known')).expect(404)
    await app.nobody.get(at('known')).expect(200)
  })

  it('is at none of them when it is withdrawn, and at all when it comes back', async () => {
    const { id } = await published(desk, { slug: 'was-here' })
    await rename(id, 'is-here')
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    for (const key of ['was-here', 'is-here', id]) await app.nobody.get(at(key)).expect(404)
    await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
    await app.nobody.get(at('was-here')).expect(301)
    await app.nobody.get(at('is-here')).expect(200)
  })
})

it.each([
  'nothing-here',
  '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  'Known',
  '%F0%9F%93%B0',
  'a'.repeat(300),
  '..%2Frails',
])('nothing is at /v1/articles/%s', async (key) => {
  await draft(desk)
  for (const path of [at(key), at(key, '/headlines')]) {
    const { body } = await app.nobody.get(path).expect(404)
    expect(body.code).toBe('not-found')
  }
})
