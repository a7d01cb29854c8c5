import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, published } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const sections = [0, 1, 2, 3, 4]
const step = fc.oneof(
  fc.record({ do: fc.constant('publish' as const), at: fc.constantFrom(...sections) }),
  fc.record({
    do: fc.constant('move' as const),
    at: fc.constantFrom(...sections),
    to: fc.option(fc.constantFrom(...sections)),
  }),
  fc.record({ do: fc.constant('rename' as const), at: fc.constantFrom(...sections) }),
)

it('whatever is published, moved and renamed, a section has the articles of its tree, under all its slugs', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const name = `run-${++run}`
      const slugs = sections.map((n) => [`${name}-${n}`])
      const parents: (number | null)[] = sections.map(() => null)
      const stories: { id: string; at: number }[] = []
      const slug = (n: number) => slugs[n]?.at(-1) ?? ''
      const above = (n: number): number[] => {
        const parent = parents[n] ?? null
        return parent === null ? [] : [parent, ...above(parent)]
      }
      for (const n of sections) {
        const path = `/v1/editorial/sections/${slug(n)}`
        await desk
          .put(path, { name: `S${n}` })
          .set('if-none-match', '*')
          .expect(201)
      }
      const put = (n: number, more: object) => {
        const parent = parents[n] ?? null
        const fields = { name: `S${n}`, ...(parent !== null && { parent: slug(parent) }), ...more }
        return desk.put(`/v1/editorial/sections/${slugs[n]?.[0]}`, fields, '*')
      }
      for (const [number, each] of steps.entries()) {
        if (each.do === 'publish') {
          // By any of its slugs.
          const known = slugs[each.at]?.[number % (slugs[each.at]?.length ?? 1)] ?? ''
          const { id } = await published(desk, { section: { slug: known, name: 'As published' } })
          stories.unshift({ id, at: each.at })
        } else if (each.do === 'move') {
          const isCircle = each.to !== null && [each.to, ...above(each.to)].includes(each.at)
          await put(each.at, { parent: each.to === null ? null : slug(each.to) }).expect(isCircle ? 422 : 200)
          if (!isCircle) parents[each.at] = each.to
        } else {
          slugs[each.at]?.push(`${name}-${each.at}-${number}`)
          await put(each.at, { slug: slug(each.at) }).expect(200)
        }
      }
      for (const n of sections) {
        const own = stories.filter(({ at }) => at === n || above(at).includes(n)).map(({ id }) => id)
        for (const known of slugs[n] ?? []) {
          const { body } = await app.nobody.get(`/v1/articles?section=${known}&limit=100`).expect(200)
          expect(body.data.map(({ id }: { id: string }) => id)).toEqual(own)
        }
        const path = `/v1/sections/${slug(n)}`
        if (own.length === 0) await app.nobody.get(path).expect(404)
        else expect((await app.nobody.get(path).expect(200)).body.articles).toBe(own.length)
      }
      for (const { id, at } of stories)
        expect((await app.nobody.get(`/v1/articles/${id}`)).body.section).toEqual({ slug: slug(at), name: `S${at}` })
    }),
    { numRuns: 8 * rounds },
  )
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
