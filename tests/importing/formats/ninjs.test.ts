import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromHtml } from '../../../src/body/from-html.ts'
import { toHtml } from '../../../src/body/to-html.ts'
import { toText } from '../../../src/body/to-text.ts'
import { wholeArticle } from '../../../src/delivery/examples.ts'
import { toNinjs } from '../../../src/delivery/formats/ninjs.ts'
import { formatOf } from '../../../src/importing/formats/all.ts'
import type { ArticleRecord } from '../../../src/importing/formats/format.ts'
import { ninjs } from '../../../src/importing/formats/ninjs.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { body } from '../../body/arbitraries.ts'
import { runs } from '../../support/rounds.ts'
import { recordsOf, sourceFrom } from '../../support/source.ts'
import { anyCharacter } from '../../support/texts.ts'

const first = async (item: object): Promise<ArticleRecord> => {
  const [record] = await recordsOf(ninjs, sourceFrom(item))
  if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
  return record
}
const item = {
  uri: 'urn:x:1',
  type: 'text',
  versioncreated: '2024-05-01T10:00:00Z',
  headline: 'Bridge opens',
  body_text: 'It did.',
}

it('what Dateline writes as ninjs is read back with the same headline, text, terms and dates', async () => {
  const source = sourceFrom(toNinjs(wholeArticle()))
  expect(formatOf(source)?.name).toBe('ninjs')
  const [record] = await recordsOf(ninjs, source)
  if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
  const { fields, publication } = record
  const { section, tags, authors, image } = wholeArticle()
  expect(record.externalId).toBe(`ninjs:urn:uuid:${wholeArticle().id}`)
  expect(fields).toMatchObject({
    headline: wholeArticle().headline,
    slug: wholeArticle().slug,
    language: wholeArticle().language,
    section,
    tags: tags.map(({ name, slug, uri }) => ({ name, slug, ...(uri && { uri }) })),
    authors: authors.map(({ name, url }) => ({ name, ...(url && { url }) })),
  })
  expect(fields.standfirst ?? undefined).toBe(wholeArticle().standfirst)
  expect(fields.kicker ?? undefined).toBe(wholeArticle().kicker)
  expect(fields.byline ?? undefined).toBe(wholeArticle().byline)
  expect(fields.dateline ?? undefined).toBe(wholeArticle().dateline)
  expect(fields.image?.url).toBe(image?.url)
  expect(fields.image?.alt).toBe(image?.alt)
  expect(fields.image?.credit).toBe(image?.credit)
  expect('html' in record.body && toText(fromHtml(record.body.html))).toBe(wholeArticle().bodyText)
  expect(publication).toMatchObject({
    state: 'published',
    publishedAt: wholeArticle().publishedAt,
    updatedAt: wholeArticle().updatedAt,
  })
  expect(record.links.map(({ headline }) => headline)).toEqual(
    (wholeArticle().headlines ?? []).flatMap((each) => [
      each.headline,
      ...(each.sublinks ?? []).map((below) => below.headline),
    ]),
  )
})

it('any body that Dateline writes comes back with its text', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (blocks) => {
      const [bodyHtml, bodyText] = [toHtml(blocks), toText(blocks)]
      const record = await first(JSON.parse(toNinjs({ ...wholeArticle(), bodyHtml, bodyText })))
      if (bodyHtml.trim() !== '') expect(record.body).toEqual({ html: bodyHtml })
    }),
    runs(50),
  )
})

it('what is under embargo is scheduled, what is withheld is a draft, what is canceled is left out', async () => {
  const until = { embargoedUntil: '2031-01-01T00:00:00Z' }
  expect((await first({ ...item, ...until, pubStatus: 'withheld' })).publication).toEqual({
    state: 'scheduled',
    isCertain: true,
    liveFrom: '2031-01-01T00:00:00.000Z',
  })
  expect((await first({ ...item, embargoed: '2031-01-01T01:00:00+0100' })).publication).toMatchObject({
    state: 'scheduled',
    isCertain: true,
  })
  expect((await first({ ...item, embargoed: '2020-01-01T00:00:00Z' })).publication).toMatchObject({
    state: 'published',
  })
  expect((await first({ ...item, pubstatus: 'withheld' })).publication).toEqual({ state: 'draft' })
  const [canceled, picture] = await recordsOf(
    ninjs,
    sourceFrom([
      { ...item, pubstatus: 'canceled' },
      { ...item, type: 'picture' },
    ]),
  )
  expect(canceled).toMatchObject({ kind: 'skipped', why: 'It was canceled.' })
  expect(picture).toMatchObject({ kind: 'skipped', why: 'It is no text, but of the type "picture".' })
})

it('the three versions and Superdesk say the same article', async () => {
  const subject = { name: 'Transport', uri: 'http://cv.iptc.org/newscodes/mediatopic/20000337' }
  const three = {
    uri: 'urn:x:1',
    type: 'text',
    firstCreated: '2024-05-01T09:00:00Z',
    versionCreated: '2024-05-01T10:00:00Z',
    headlines: [{ role: 'main', value: 'Bridge opens', contentType: 'text/plain' }],
    descriptions: [{ role: 'summary', value: 'After years', contentType: 'text/plain' }],
    bodies: [
      { role: 'main', contentType: 'text/plain', value: 'It did.' },
      { role: 'main', contentType: 'text/html', value: '<p>It did.</p>' },
    ],
    by: 'Ana Lopez',
    located: 'LISBON',
    language: 'en',
    subjects: [subject],
    edNote: 'Corrects name',
    urgency: 3,
    usageTerms: 'No archives',
  }
  const lower = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(lower)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name.toLowerCase(), lower(each)]))
        : value
  const one = {
    ...{
      uri: 'urn:x:1',
      type: 'text',
      firstcreated: '2024-05-01T09:00:00+00:00',
      versioncreated: '2024-05-01T10:00:00+0000',
    },
    ...{ headline: 'Bridge opens', description_text: 'After years', body_html: '<p>It did.</p>', byline: 'Ana Lopez' },
    ...{
      located: 'LISBON',
      language: 'en',
      subject: [subject],
      ednote: 'Corrects name',
      urgency: 3,
      usageterms: 'No archives',
    },
  }
  const { uri: guid, ...rest } = one
  for (const each of [three, lower(three), one, { guid, ...rest, pubstatus: 'usable' }] as object[]) {
    expect(formatOf(sourceFrom(each))?.name).toBe('ninjs')
    const record = await first(each)
    expect(record).toMatchObject({
      externalId: 'ninjs:urn:x:1',
      fields: {
        headline: 'Bridge opens',
        standfirst: 'After years',
        byline: 'Ana Lopez',
        dateline: 'LISBON',
        language: 'en',
        tags: [subject],
        notes: 'Corrects name\nurgency: 3\nusage terms: No archives',
      },
      body: { html: '<p>It did.</p>' },
      publication: { publishedAt: '2024-05-01T09:00:00.000Z', updatedAt: '2024-05-01T10:00:00.000Z' },
      warnings: ['No field here has urgency, usage terms: kept in the notes.'],
    })
  }
})

it('a picture beside the text becomes its image, a second one and what else has no place goes into the notes', async () => {
  const record = await first({
    ...item,
    associations: {
      featuremedia: {
        type: 'picture',
        description_text: 'The bridge',
        body_text: 'A bridge',
        byline: 'Bo',
        renditions: {
          thumb: { href: 'https://i.example/t.jpg', width: 10 },
          original: { href: 'https://i.example/o.jpg', width: 100, height: 50, poi: { x: 50, y: 25 } },
        },
      },
      other: { type: 'picture', headline: 'Second', renditions: { original: { href: 'https://i.example/2.jpg' } } },
    },
    people: [{ name: 'Mayor', rel: 'about' }],
    headlines: [{ value: 'Bridge opens' }, { role: 'push', value: 'Now open' }],
  })
  expect(record.fields.image).toEqual({
    url: 'https://i.example/o.jpg',
    alt: 'A bridge',
    caption: 'The bridge',
    credit: 'Bo',
    width: 100,
    height: 50,
    focalPoint: { x: 0.5, y: 0.5 },
  })
  for (const kept of ['2.jpg', 'Second', 'Mayor', 'Now open']) expect(record.fields.notes).toContain(kept)
})

it('one item, a list, a page of Superdesk and one a line are all read; a broken line does not stop the rest', async () => {
  const two = { ...item, uri: 'urn:x:2' }
  const ids = async (text: string | object, name?: string) =>
    (await recordsOf(ninjs, sourceFrom(text, { name: name ?? 'a.json', step: 5 }))).map(({ kind, line, id }) => [
      kind,
      line,
      id,
    ])
  expect(await ids(JSON.stringify(item, null, 2))).toEqual([['article', 1, 'urn:x:1']])
  expect(await ids([item, two])).toEqual([
    ['article', 1, 'urn:x:1'],
    ['article', 1, 'urn:x:2'],
  ])
  expect(await ids({ _items: [item, two], _meta: { total: 2 } })).toHaveLength(2)
  const lines = [
    JSON.stringify(item),
    '{"uri": broken',
    '',
    JSON.stringify(two),
    '{"headline":"x"}',
    '{"uri":"a","uri":"b"}',
  ].join('\n')
  for (const name of ['a.ndjson', 'a.json']) {
    expect(await ids(lines, name)).toEqual([
      ['article', 1, 'urn:x:1'],
      ['failed', 2, undefined],
      ['article', 4, 'urn:x:2'],
      ['failed', 5, undefined],
      ['failed', 6, undefined],
    ])
  }
})

it('a feed in JSON, a Ghost export and other JSON are told apart from ninjs', () => {
  const nameOf = (what: object) => formatOf(sourceFrom(what))?.name
  expect(
    nameOf({ version: 'https://jsonfeed.org/version/1.1', items: [{ id: '1', url: 'x', uri: 'x', bodies: [] }] }),
  ).not.toBe('ninjs')
  expect(nameOf({ db: [{ meta: {}, data: { posts: [] } }] })).toBe('ghost')
  expect(nameOf({ data: [{ uri: 'x' }] })).toBeUndefined()
  expect(nameOf({ name: 'package', version: '1.0.0' })).toBeUndefined()
  expect(nameOf([item])).toBe('ninjs')
})

it('nothing in an item stops the others, whatever it is', async () => {
  const anything = fc.jsonValue({ maxDepth: 3, stringUnit: anyCharacter })
  const names =
    'uri type headline headlines bodies body_html by associations renditions subjects keywords people infosources altids pubstatus embargoed versioncreated located dateline'
  const entry = fc.dictionary(
    fc.constantFrom(
      'name',
      'role',
      'rel',
      'value',
      'uri',
      'href',
      'type',
      'contentType',
      'renditions',
      'poi',
      'width',
      'toString',
    ),
    anything,
  )
  const odd = fc.dictionary(fc.constantFrom(...names.split(' ')), fc.oneof(anything, fc.array(entry), entry))
  await fc.assert(
    fc.asyncProperty(odd, async (each) => {
      const records = await recordsOf(ninjs, sourceFrom([each, item]))
      expect(records.map(({ kind }) => kind).at(-1)).toBe('article')
      expect(records).toHaveLength(2)
      const [record] = records
      if (record?.kind !== 'article') return
      try {
        makeReady(record)
      } catch (error) {
        expect((error as Error).message).toMatch(/^[A-Z]/)
      }
    }),
    runs(300),
  )
})

it('one long text beside many others is read in no time', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({ role: `r${n}`, value: 'x', contentType: 'text/html' }))
  const long = { role: 'main', value: `<p>${'y'.repeat(500_000)}</p>`, contentType: 'text/html' }
  const began = performance.now()
  await first({ ...item, bodies: [long, ...many], headlines: [long, ...many] })
  expect(performance.now() - began).toBeLessThan(10_000)
})
