import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { anyText } from '../support/texts.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const stored = () => app.db.read.$count(app.db.tables.articles)

const plainText = (maxLength: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength })
const text = (maxLength: number) =>
  fc.oneof({ weight: 6, arbitrary: plainText(maxLength).filter((each) => each.trim() !== '') }, anyText(maxLength))
// A member called __proto__ is refused before a field is looked at (bad-json.test.ts).
const json = fc.jsonValue({ maxDepth: 3 }).filter((each) => !JSON.stringify(each).includes('__proto__'))
const junk = fc.oneof(fc.integer(), fc.boolean(), fc.constant([]), fc.constant({}), fc.double(), json)
const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 40, arbitrary }, { weight: 1, arbitrary: junk })
const slug = fc.stringMatching(/^[a-z0-9]{1,10}(-[a-z0-9]{1,5})?$/)
const tag = fc.record({ slug, name: text(50) })
const block = fc.oneof(
  fc.record({ _type: fc.constant('code'), code: text(50) }),
  fc.record({
    _type: fc.constant('block'),
    children: fc.tuple(fc.record({ _type: fc.constant('span'), text: text(50) })),
  }),
)

const lines = ['headline', 'kicker', 'alternativeHeadline', 'byline', 'dateline', 'standfirst', 'notes'] as const
const article = fc.record(
  {
    headline: mostly(text(100)),
    kicker: mostly(fc.option(text(60))),
    alternativeHeadline: mostly(fc.option(text(60))),
    byline: mostly(text(60)),
    dateline: mostly(text(60)),
    standfirst: mostly(fc.option(text(200))),
    notes: mostly(text(200)),
    section: mostly(fc.record({ name: text(50) })),
    tags: mostly(fc.uniqueArray(tag, { maxLength: 4, selector: (each) => each.slug })),
    authors: mostly(fc.uniqueArray(tag, { maxLength: 3, selector: (each) => each.slug })),
    image: mostly(fc.record({ url: fc.webUrl(), alt: text(50), caption: text(50) })),
    canonicalUrl: mostly(fc.webUrl({ withQueryParameters: true, withFragments: true })),
    body: mostly(fc.array(block, { maxLength: 4 })),
  },
  { requiredKeys: ['headline'] },
)

/** All strings that an answer must give back, in the order of the fields; keys and slugs that the program makes left out. */
const textsOf = (fields: Record<string, unknown>) => ({
  lines: lines.map((name) => fields[name] ?? null),
  section: (fields.section as { name: string } | null | undefined)?.name ?? null,
  tags: fields.tags ?? [],
  authors: fields.authors ?? [],
  image: fields.image ?? null,
  canonicalUrl: fields.canonicalUrl ?? null,
  body: ((fields.body ?? []) as { code?: string; children?: { text: string }[] }[]).map(
    (each) => each.code ?? each.children?.map((span) => span.text).join(''),
  ),
})

describe('whatever a client sends as a new article', () => {
  it('is stored to the character, or refused by the field and not stored', async () => {
    const statuses: number[] = []
    await fc.assert(
      fc.asyncProperty(article, async (fields) => {
        const before = await stored()
        const response = await desk.post(ARTICLES, fields)
        statuses.push(response.status)
        if (response.status === 201) {
          const { body } = await desk.get(articleAt(response.body.id)).expect(200)
          expect(body).toEqual(response.body)
          expect(textsOf(body)).toEqual(textsOf(fields))
          return
        }
        expect(response.status).toBe(422)
        expect(response.body.errors.length).toBeGreaterThan(0)
        for (const { pointer, detail } of response.body.errors) {
          expect(Object.keys(fields), detail).toContain(pointer.split('/')[1])
        }
        expect(await stored()).toBe(before)
      }),
      { numRuns: 120 * rounds },
    )
    // Both halves were tried.
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(10)
    expect(statuses.filter((status) => status === 422).length).toBeGreaterThan(10)
  })

  it('and publishes is what readers get, to the character', async () => {
    await fc.assert(
      fc.asyncProperty(article, async (fields) => {
        const response = await desk.post(ARTICLES, { ...fields, publish: true })
        if (response.status !== 201) return
        const { body } = await app.nobody
          .get(`/v1/articles/${response.body.slug}?body=blocks,html,markdown,text`)
          .expect(200)
        const { section, tags, authors, image, canonicalUrl, body: blocks } = textsOf(fields)
        expect(textsOf(body)).toMatchObject({ section, tags, authors, image, canonicalUrl, body: blocks })
        expect(body.headline).toBe(fields.headline)
        expect(body).not.toHaveProperty('notes')
      }),
      { numRuns: 30 * rounds },
    )
  })
})
