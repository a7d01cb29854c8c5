import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter, anyText } from '../support/texts.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const stored = () => app.db.read.$count(app.db.tables.articles)

describe('whatever else a client sends as a new article', () => {
  it('as any JSON at all is answered with a problem, never with a fault', async () => {
    const names = fc.constantFrom(
      'headline',
      'slug',
      'tags',
      'body',
      'bodyHtml',
      'image',
      '__proto__',
      'constructor',
      '',
      'a/b',
    )
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 4, stringUnit: anyCharacter }),
      fc.dictionary(names, fc.jsonValue({ maxDepth: 3 })),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const response = await desk.raw('post', ARTICLES, JSON.stringify(value))
        if (response.status === 201) return
        // One name is refused before anything else is looked at.
        const isNameRefused = JSON.stringify(value).includes('"__proto__":')
        expect(response.status).toBe(isNameRefused ? 400 : 422)
        if (isNameRefused) return
        expect(response.body.errors.length).toBeGreaterThan(0)
        for (const { pointer } of response.body.errors) expect(pointer).toMatch(/^#(\/|$)/)
      }),
      { numRuns: 80 * rounds },
    )
  })

  it('as any bytes at all is refused and not stored', async () => {
    const head = fc.constantFrom('', '{"headline":"', '{"headline":"x","', '[', '{"headline":')
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 40 }), async (start, bytes) => {
        const before = await stored()
        const response = await desk.raw('post', ARTICLES, Buffer.concat([Buffer.from(start), bytes]))
        expect([400, 422]).toContain(response.status)
        expect(await stored()).toBe(before)
      }),
      { numRuns: 60 * rounds },
    )
  })

  it('as any text of any form of body is a text of blocks or a refusal', async () => {
    const markup = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<b>',
          '<a href="https://a.example/">',
          '</a>',
          '<table><tr><td>',
          '<!--',
          '&#0;',
          '&#xD800;',
        ),
        fc.constantFrom(
          '**',
          '# ',
          '\n\n',
          '- ',
          '> ',
          '```',
          '| a | b |\n|---|---|\n',
          '[a](b)',
          '![a](https://a.example/)',
        ),
        anyText(10),
      ),
      { maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(markup, fc.constantFrom('bodyHtml', 'bodyMarkdown', 'bodyText'), async (parts, form) => {
        const response = await desk.post(ARTICLES, { headline: 'Any Text', [form]: parts.join('') })
        if (response.status === 201) {
          expect((await desk.get(articleAt(response.body.id)).expect(200)).body.body).toEqual(response.body.body)
          return
        }
        expect(response.status).toBe(422)
        for (const { pointer } of response.body.errors) expect(pointer).toBe(`#/${form}`)
      }),
      { numRuns: 80 * rounds },
    )
  })
})
