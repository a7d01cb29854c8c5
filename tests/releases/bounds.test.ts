import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, draft, release } from '../support/builders.ts'

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
