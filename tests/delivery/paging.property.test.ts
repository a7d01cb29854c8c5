import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sorts } from '../../src/shared/filters.ts'
import { startApp, type TestApp, type TestClock } from '../support/app.ts'
import { articleAt, type Desk, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

/** A clock that stands still for many looks, so that articles share their instant and only the id tells them apart. */
function coarseClock(): TestClock {
  let looks = 0
  const start = Date.parse('2026-11-22T12:00:00.000Z')
  return {
    now: () => new Date(start + Math.floor(looks++ / 30)).toISOString(),
    pass: (ms) => {
      looks += ms * 30
    },
  }
}

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock: coarseClock() })
  desk = await app.withRole('editor')
})

interface Listed {
  data: { id: string; publishedAt: string }[]
  page: { next: string | null; previous: string | null }
}
const deeds = ['publish new', 'withdraw', 'republish', 'trash', 'edit', 'rename', 'nothing'] as const
let run = 0

async function meddle(deed: (typeof deeds)[number], volatile: string[], tags: object[], pick: number): Promise<void> {
  const id = volatile[pick % volatile.length]
  if (deed === 'publish new') volatile.push((await published(desk, { tags })).id)
  if (id === undefined) return
  // Each may be impossible in the state that the article is in: then nothing happens.
  if (deed === 'withdraw') await desk.change(`${articleAt(id)}/withdraw`, '*')
  if (deed === 'trash') await desk.delete(articleAt(id), '*')
  if (deed === 'edit') await desk.patch(articleAt(id), { kicker: `Edit ${pick}`, tags: pick % 2 ? [] : tags }, '*')
  if (deed === 'rename') {
    await desk.patch(articleAt(id), { headline: `Ferry Resumes ${pick}`, slug: `ferry-${run}-${pick}` }, '*')
    await desk.change(`${articleAt(id)}/publish`, '*')
  }
  if (deed === 'republish') {
    await desk.change(`${articleAt(id)}/restore`, '*')
    await desk.change(`${articleAt(id)}/publish`, '*')
  }
}

describe('walking the pages while the desk works', () => {
  it('shows every article that did not change exactly once, in one order, and none twice', async () => {
    const world = fc.record({
      // true: stays as it is; false: may be changed on the way
      articles: fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }),
      limit: fc.integer({ min: 1, max: 4 }),
      back: fc.boolean(),
      sort: fc.constantFrom(...sorts),
      hasWords: fc.boolean(),
      work: fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(9)), { minLength: 4, maxLength: 12 }),
    })
    await fc.assert(
      fc.asyncProperty(world, async ({ articles, limit, back, sort, hasWords, work }) => {
        const tag = `run-${++run}`
        const tags = [{ slug: tag, name: tag }]
        const isSearch = hasWords || sort === 'relevance'
        const question = `tag=${tag}&sort=${sort}&limit=${limit}${isSearch ? '&q=council' : ''}`
        const stable: string[] = []
        const volatile: string[] = []
        for (const stays of articles) (stays ? stable : volatile).push((await published(desk, { tags })).id)
        const read = async (cursor?: string): Promise<Listed> =>
          (await app.nobody.get(`/v1/articles?${question}${cursor ? `&cursor=${cursor}` : ''}`).expect(200)).body
        const todo = [...work]
        const step = async () => {
          for (const [deed, pick] of todo.splice(0, 2)) await meddle(deed, volatile, tags, pick)
        }

        let page = await read()
        const seen = [...page.data]
        while (page.page.next !== null) {
          if (!back) await step()
          page = await read(page.page.next)
          seen.push(...page.data)
        }
        if (back) {
          seen.length = 0
          seen.push(...page.data)
          while (page.page.previous !== null) {
            await step()
            page = await read(page.page.previous)
            seen.unshift(...page.data)
          }
        }
        const ids = seen.map(({ id }) => id)
        expect(ids.filter((id) => stable.includes(id)).toSorted()).toEqual(stable.toSorted())
        // What is changed meanwhile moves to the front of the order of changes, and is met there again; where words are
        // looked for it may have them in another place.
        if (sort === '-updatedAt' || isSearch) return
        expect(new Set(ids).size).toBe(ids.length)
        const keys = seen.map(({ publishedAt, id }) => `${publishedAt} ${id}`).toSorted()
        expect(seen.map(({ publishedAt, id }) => `${publishedAt} ${id}`)).toEqual(
          sort === 'publishedAt' ? keys : keys.reverse(),
        )
      }),
      { numRuns: 18 * rounds },
    )
  })
})
