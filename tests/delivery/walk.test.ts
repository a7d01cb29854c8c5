import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

// A reader goes through all pages, on and back again, while the desk is at work: at the same time, not in turns.

const STAYING = 60
/** Pieces that are published, withdrawn or renamed meanwhile: a thousand with DATELINE_TEST_ROUNDS=20. */
const CHANGING = 50 * rounds

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

interface Listed {
  data: { id: string }[]
  page: { next: string | null; previous: string | null }
}

async function walk(query: string): Promise<[string[], string[]]> {
  const read = async (cursor: string | null): Promise<Listed> =>
    (await app.nobody.get(`/v1/articles?limit=7&${query}${cursor ? `&cursor=${cursor}` : ''}`).expect(200)).body
  const [on, back]: [string[], string[]] = [[], []]
  let page = await read(null)
  for (;;) {
    on.push(...page.data.map(({ id }) => id))
    if (page.page.next === null) break
    page = await read(page.page.next)
  }
  for (;;) {
    back.unshift(...page.data.map(({ id }) => id))
    if (page.page.previous === null) return [on, back]
    page = await read(page.page.previous)
  }
}

it(`while ${CHANGING} pieces are published, withdrawn and renamed, who walks all pages sees every other one exactly once`, async () => {
  const [staying, changing]: [string[], string[]] = [[], []]
  for (let n = 0; n < STAYING + CHANGING; n++) {
    const isStaying = n % Math.ceil((STAYING + CHANGING) / STAYING) === 0
    ;(isStaying ? staying : changing).push((await published(desk, { tags: [{ name: 'Walked' }] })).id)
  }
  let isDone = false
  async function work(): Promise<void> {
    for (const [n, id] of changing.entries()) {
      if (n % 3 === 0) await published(desk, { tags: [{ name: 'Walked' }] })
      else if (n % 3 === 1) await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
      else {
        await desk.patch(articleAt(id), { headline: `Renamed council ${n}`, slug: `renamed-${n}` }, '*').expect(200)
        await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
      }
    }
    isDone = true
  }
  const working = work()
  let walks = 0
  const queries = ['', 'tag=walked', 'sort=publishedAt', 'sort=-updatedAt', 'q=council', 'q=council&sort=relevance']
  while (!isDone || walks < queries.length) {
    const query = queries[walks++ % queries.length] ?? ''
    for (const ids of await walk(query)) {
      const seen = ids.filter((id) => staying.includes(id))
      expect(seen.toSorted(), query).toEqual(staying.toSorted())
    }
  }
  await working
  expect(walks).toBeGreaterThanOrEqual(queries.length)
})
