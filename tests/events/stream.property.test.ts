import fc from 'fast-check'
import { beforeAll, expect, it, vi } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { type Heard, type Listener, listenTo } from '../support/listener.ts'
import { rounds } from '../support/rounds.ts'

// Readers who come, lose their connection and come back to another node, while several write: each hears every event from
// where it began, in the order of the feed, and none twice.

let nodes: TestApp[]
let desks: Desk[]
beforeAll(async () => {
  const app = await startApp()
  const database = { url: app.url, drop: async () => undefined }
  nodes = [app, await startApp({ database, clock: app.clock })]
  const { key } = await app.withRole('admin')
  desks = nodes.map((node) => node.as(key))
})

const node = fc.nat({ max: 1 })
const reader = fc.nat({ max: 3 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('write' as const), node, many: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('join' as const), node, reader }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('leave' as const), reader }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat({ max: 300 }) }) },
)

/** Somebody who keeps what it has heard, over however many connections. */
function persistent() {
  let listener: Listener | undefined
  const kept: Heard[] = []
  let start: string | undefined
  const leave = () => {
    listener?.stop()
    // What came in whole was heard; a part of an event was not.
    kept.push(...(listener?.heard() ?? []))
    listener = undefined
  }
  return {
    leave,
    async join(to: TestApp): Promise<void> {
      leave()
      const last = kept.at(-1)?.id ?? start
      listener = await listenTo(`${to.origin}/v1/stream`, last === undefined ? {} : { 'last-event-id': last })
      const { text } = listener
      await vi.waitFor(() => expect(text()).toMatch(/id: .*\n\n/))
      start ??= /id: (.*)/.exec(text())?.[1]
    },
    heard: (): Heard[] => [...kept, ...(listener?.heard() ?? [])],
    start: () => start,
  }
}

async function feedFrom(cursor: string): Promise<string[]> {
  const { body } = await (nodes[0] as TestApp).nobody.get(`/v1/changes?limit=100&after=${cursor}`).expect(200)
  if (body.data.length === 0) return []
  return [...body.data.map(({ id }: { id: string }) => id), ...(await feedFrom(body.page.next))]
}

it('who listens, and comes back after every loss, hears what the feed tells: all, in order, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const readers = Array.from({ length: 4 }, persistent)
      const writes: Promise<unknown>[] = []
      const write = async (desk: Desk, many: number) => {
        for (let n = 0; n < many; n++) {
          const { id } = await published(desk)
          if (n % 2 === 1) await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
          await draft(desk)
        }
      }
      try {
        for (const each of steps) {
          if (each.does === 'write') writes.push(write(desks[each.node] as Desk, each.many))
          if (each.does === 'join') await readers[each.reader]?.join(nodes[each.node] as TestApp)
          if (each.does === 'leave') readers[each.reader]?.leave()
          if (each.does === 'wait') await new Promise((resolve) => setTimeout(resolve, each.ms))
        }
        await Promise.all(writes)
        for (const [n, each] of readers.entries()) {
          const start = each.start()
          if (start === undefined) continue
          await each.join(nodes[n % 2] as TestApp)
          const told = await feedFrom(start)
          await vi.waitFor(() => expect(each.heard().map(({ data }) => data.id)).toEqual(told), { timeout: 5_000 })
        }
      } finally {
        await Promise.all(writes)
        for (const each of readers) each.leave()
      }
    }),
    { numRuns: 4 * rounds },
  )
})
