import { expect, it } from 'vitest'
import { toText } from '../../../src/body/to-text.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { readAll } from './reading.ts'

// The text of a document is what its bytes say, or it is not taken: never something else.

const words = 'Zoë’s café — 東京 😀.'
const documents: [string, string][] = [
  ['a.md', `---\ntitle: ${words}\ndate: 2019-02-03\n---\n${words}\n`],
  ['a.html', `<html><head><title>${words}</title></head><body><p>${words}</p></body></html>`],
  ['a.txt', `${words}\n\nSecond text. It goes on.\n`],
]
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()
const wide = (text: string) => Buffer.from(text, 'utf16le')

const textOf = async (name: string, bytes: Uint8Array, options = {}) => {
  const [record] = await readAll(name, bytes, options)
  if (record?.kind !== 'article') return record
  try {
    const { body, fields } = makeReady(record)
    return { text: toText(body), headline: fields.headline }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

it.each(documents)('%s is read in UTF-8 and UTF-16 of both orders, by its mark', async (name, document) => {
  const expected = await textOf(name, Buffer.from(document))
  expect(expected).toMatchObject({ text: expect.stringContaining(words) })
  const marked = `\ufeff${document}`
  for (const bytes of [Buffer.from(marked), wide(marked), swapped(wide(marked))])
    expect(await textOf(name, bytes)).toEqual(expected)
  for (const [encoding, bytes] of [
    ['utf-16le', wide(document)],
    ['utf-16be', swapped(wide(document))],
  ] as const)
    if (name !== 'a.txt') expect(await textOf(name, bytes, { encoding })).toEqual(expected)
})

it.each(documents)('%s in an encoding that nothing names is refused with the reason', async (name, document) => {
  const latin = Buffer.from(document.replaceAll(words, 'Café tôt.'), 'latin1')
  for (const bytes of [
    wide(document),
    swapped(wide(document)),
    latin,
    Buffer.from(`\ufeff${document}`, 'utf16le').subarray(0, -1),
  ])
    expect(await textOf(name, bytes)).toMatchObject({ why: expect.stringMatching(/UTF-8|NUL|no format|utf-16le/) })
})

it('a page is read in the encoding that it names, and one that cannot be so is not believed', async () => {
  const page = (head: string) => `${head}<title>Café</title><p>Café.</p>`
  const latin = (head: string) => textOf('a.html', Buffer.from(page(head), 'latin1'))
  expect(await latin('<meta charset="iso-8859-1">')).toEqual({ text: 'Café.', headline: 'Café' })
  expect(await latin('<?xml version="1.0" encoding="ISO-8859-1"?>\n<html>')).toEqual({
    text: 'Café.',
    headline: 'Café',
  })
  expect(await latin('<meta charset="klingon">')).toMatchObject({ why: expect.stringContaining('klingon') })
  const utf8 = await textOf('a.html', Buffer.from(page('<meta charset="utf-16">')))
  expect(utf8).toEqual({ text: 'Café.', headline: 'Café' })
})

it('a page that names another encoding than it has is not public', async () => {
  const page = (words: string) =>
    `<meta charset="iso-8859-1"><meta property="article:published_time" content="2019-02-03"><title>T</title><p>${words}</p>`
  for (const words of ['Café', 'It’s', '“So”', 'a\u00a0b']) {
    const [record] = await readAll('a.html', Buffer.from(page(words)))
    expect(record).toMatchObject({
      publication: { state: 'draft' },
      warnings: [expect.stringContaining('looks like UTF-8')],
    })
    const [right] = await readAll('a.html', Buffer.from(page('Café \u00a0 NÃO'), 'latin1'))
    expect(right).toMatchObject({ publication: { state: 'published' }, warnings: [] })
  }
})
