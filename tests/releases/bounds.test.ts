import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, release, releaseAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let editor: Caller
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  editor = (await app.services.access.identify(desk.key ?? '')) as Caller
})

const PIECES = 20
async function pieces(): Promise<object[]> {
  const items: object[] = []
  while (items.length < PIECES) items.push({ kind: 'article', id: (await draft(desk)).id })
  return items
}

/** How often others had their turn while this was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isDone = false
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await work()
  isDone = true
  return turns
}

describe('a large release', () => {
  it('lets readers be served between its pieces, when it is made, scheduled, moved and cancelled', async () => {
    const { releases } = app.services
    const { id } = await release(desk, await pieces())
    const at = (hours: number) => new Date(Date.parse(app.clock.now()) + hours * 3_600_000).toISOString()
    const items = (await pieces()) as { kind: 'article'; id: string }[]
    const liveFrom = at(1)
    const later = at(2)
    const works: Parameters<typeof app.db.write>[0][] = [
      (tx) => releases.createIn(tx, editor, { title: 'Another', items }),
      (tx) => releases.scheduleIn(tx, editor, id, 'any', { liveFrom }, new Map()),
      (tx) => releases.scheduleIn(tx, editor, id, 'any', { liveFrom: later }, new Map()),
      (tx) => releases.cancelIn(tx, editor, id, 'any'),
    ]
    for (const work of works) expect(await turnsDuring(() => app.db.write(work))).toBeGreaterThan(PIECES)
  })
})

describe('what one request publishes', () => {
  it('is rendered ahead only as far as the request may fill the memory, and published all the same', async () => {
    const { publishing } = app.services
    const length = 900_000
    const bodyText = Array.from({ length: length / 1_000 }, () => 'word '.repeat(200).trim()).join('\n\n')
    const ids: string[] = []
    while (ids.length < 8) ids.push((await draft(desk, { bodyText })).id)
    const rendered: number[] = []
    const renderEarly = publishing.renderEarly
    publishing.renderEarly = async (...asked) => {
      const early = await renderEarly(...asked)
      rendered.push(early?.body.text.length ?? 0)
      return early
    }
    const { id, version } = await release(
      desk,
      ids.map((each) => ({ kind: 'article', id: each })),
    )
    const publications = ids.map((each) => ({ method: 'POST', path: `${articleAt(each)}/publish`, ifMatch: '*' }))
    const scheduling = {
      method: 'POST',
      path: `${releaseAt(id)}/schedule`,
      ifMatch: version,
      body: { acceptChanges: true },
    }
    const operations = [...publications, scheduling]
    await desk.post('/v1/editorial/batch', { operations }).expect(200)
    publishing.renderEarly = renderEarly
    expect(rendered).toHaveLength(16)
    expect(rendered.filter((each) => each > 0).length).toBeLessThan(8)
    for (const each of ids) {
      const { body } = await app.nobody.get(`/v1/articles/${each}?body=text`).expect(200)
      expect(body.bodyText.length).toBeGreaterThan(length / 2)
      expect(body.edition).toBe(2)
    }
  })
})
