import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

interface Listed {
  data: { id: string; state: string; updatedAt: string }[]
  page: { limit: number; next: string | null; previous: string | null }
}
const page = async (query: Record<string, string>): Promise<Listed> =>
  (await desk.get(`${ARTICLES}?${new URLSearchParams(query)}`).expect(200)).body
const idsOf = ({ data }: Listed): string[] => data.map(({ id }) => id)

/** All pages from the first on, as a client walks them. */
async function walk(limit: number, filter: Record<string, string> = {}): Promise<Listed[]> {
  const pages: Listed[] = []
  for (let next: string | null | undefined; next !== null; next = pages.at(-1)?.page.next ?? null) {
    pages.push(await page({ ...filter, limit: String(limit), ...(next && { cursor: next }) }))
  }
  return pages
}

/** One article in each state. */
async function oneOfEach() {
  const live = await published(desk)
  const liveWithChanges = await published(desk)
  await desk.patch(articleAt(liveWithChanges.id), { kicker: 'New' }, 2).expect(200)
  const withdrawn = await published(desk)
  await desk.change(`${articleAt(withdrawn.id)}/withdraw`, 2).expect(200)
  const trashed = await published(desk)
  await desk.delete(articleAt(trashed.id), 2).expect(200)
  const neverPublished = await draft(desk)
  await desk.delete(articleAt(neverPublished.id), 1).expect(200)
  return { neverPublished, draft: await draft(desk), live, liveWithChanges, withdrawn, trashed }
}

describe('the list of articles', () => {
  it('shows each state by its name, and all but the trash without one', async () => {
    const { neverPublished, ...each } = await oneOfEach()
    expect(idsOf(await page({ state: 'draft', limit: '100' }))).not.toContain(neverPublished.id)
    expect(idsOf(await page({ state: 'trashed', limit: '100' }))).toContain(neverPublished.id)
    for (const [state, { id }] of Object.entries(each)) {
      const listed = await page({ state, limit: '100' })
      expect(idsOf(listed), state).toContain(id)
      for (const entry of listed.data) expect(entry.state).toBe(state)
      for (const other of Object.values(each)) if (other.id !== id) expect(idsOf(listed)).not.toContain(other.id)
    }
    const all = idsOf(await page({ limit: '100' }))
    expect(all).not.toContain(each.trashed.id)
    for (const { id } of [each.draft, each.live, each.liveWithChanges, each.withdrawn]) expect(all).toContain(id)
  })

  it('has the last change first, and no text', async () => {
    const [first, second] = [await draft(desk), await draft(desk, { notes: 'For the desk' })]
    expect(idsOf(await page({ limit: '2' }))).toEqual([second.id, first.id])
    await desk.patch(articleAt(first.id), { kicker: 'Up' }, 1).expect(200)
    const listed = await page({ limit: '2' })
    expect(idsOf(listed)).toEqual([first.id, second.id])
    for (const entry of listed.data) expect(entry).not.toHaveProperty('body')
    expect(listed.data[1]).toMatchObject({ notes: 'For the desk' })
  })

  it('shows contributors their own drafts and nothing else', async () => {
    const contributor = await app.withRole('contributor')
    const own = await draft(contributor)
    await draft(await app.withRole('contributor'))
    const { body } = await contributor.get(ARTICLES).expect(200)
    expect(idsOf(body)).toEqual([own.id])
    await desk.change(`${articleAt(own.id)}/publish`, 1).expect(200)
    expect(idsOf((await contributor.get(ARTICLES).expect(200)).body)).toEqual([])
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['state=published', 'state'],
    ['stat=live', 'stat'],
  ])('refuses ?%s and names the parameter', async (query, name) => {
    const { body } = await desk.get(`${ARTICLES}?${query}`).expect(400)
    expect(body).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: name }] })
  })

  it('refuses a cursor that was made up or came from another question', async () => {
    const { next } = (await page({ limit: '1' })).page
    for (const query of [{ cursor: 'abc' }, { cursor: '' }, { cursor: `${next}`, state: 'draft' }]) {
      const { body } = await desk.get(`${ARTICLES}?${new URLSearchParams(query as Record<string, string>)}`).expect(400)
      expect(body.code).toBe('invalid-cursor')
    }
    await app.nobody.get(`/v1/articles?cursor=${next}`).expect(400)
    // Another length of page is the same question.
    await desk.get(`${ARTICLES}?limit=7&cursor=${next}`).expect(200)
  })

  it('links to the pages beside it', async () => {
    const { headers, body } = await desk.get(`${ARTICLES}?limit=1`).expect(200)
    expect(headers.link).toContain(`<${ARTICLES}?limit=1&cursor=${body.page.next}>; rel="next"`)
    expect(headers.link).not.toContain('rel="prev"')
  })
})

describe('walking the list', () => {
  it('shows every article exactly once, forwards and back, whatever the length of the pages', async () => {
    for (let n = 0; n < 15; n++) await draft(desk)
    const all = idsOf(await page({ limit: '100' }))
    const drafts = idsOf(await page({ limit: '100', state: 'draft' }))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.boolean(), async (limit, onlyDrafts) => {
        const filter: Record<string, string> = onlyDrafts ? { state: 'draft' } : {}
        const forwards = await walk(limit, filter)
        expect(forwards.flatMap(idsOf)).toEqual(onlyDrafts ? drafts : all)
        expect(forwards[0]?.page.previous).toBeNull()
        const back: Listed[] = []
        for (let at = forwards.at(-1); at; ) {
          back.unshift(at)
          const { previous } = at.page
          at = previous === null ? undefined : await page({ ...filter, limit: String(limit), cursor: previous })
        }
        expect(back.flatMap(idsOf)).toEqual(onlyDrafts ? drafts : all)
      }),
      { numRuns: 10 * rounds },
    )
  })

  it('shows what nobody touches exactly once while others are made, changed and trashed', async () => {
    const calm = (await Promise.all(Array.from({ length: 12 }, () => draft(desk)))).map(({ id }) => id)
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const here: Listed = await page({ limit: '5', ...(next && { cursor: next }) })
      seen.push(...idsOf(here))
      next = here.page.next
      const fresh = await draft(desk)
      await desk.patch(articleAt(fresh.id), { kicker: 'New' }, 1).expect(200)
      const passer = await draft(desk)
      await desk.delete(articleAt(passer.id), 1).expect(200)
    }
    for (const id of calm) expect(seen.filter((each) => each === id)).toHaveLength(1)
  })

  it('loses nothing among articles that were written in the same millisecond', async () => {
    const still = await startApp({ clock: { now: () => '2026-11-22T12:00:00.000Z', pass: () => undefined } })
    const editor = await still.withRole('editor')
    const made = await Promise.all(Array.from({ length: 9 }, () => draft(editor)))
    const seen: string[] = []
    for (let query = '?limit=2'; query !== ''; ) {
      const { body } = await editor.get(`${ARTICLES}${query}`).expect(200)
      seen.push(...idsOf(body))
      query = body.page.next === null ? '' : `?limit=2&cursor=${body.page.next}`
    }
    expect(seen).toEqual(
      made
        .map(({ id }) => id)
        .toSorted()
        .reverse(),
    )
  })
})
