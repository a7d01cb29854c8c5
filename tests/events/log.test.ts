import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'

const event = (subjectId: string) => ({
  kind: 'rail.changed' as const,
  subjectKind: 'rail',
  subjectId,
  payload: { version: 1 },
})

it('the log has no gap, whoever writes at once and whatever is rolled back, and an event is there once its number is passed', async () => {
  const { db, services } = await startApp()
  const { events } = services
  let passed = 0
  const seen: number[] = []
  const write = async (n: number) => {
    const isBroken = n % 3 === 0
    const written = db.write(async (tx) => {
      await events.appendIn(tx, [event(`${n}`), { ...event(`${n}`), kind: 'desk.rail.patch' }])
      if (isBroken) throw new Error('rolled back')
    })
    await (isBroken ? expect(written).rejects.toThrow('rolled back') : written)
    for (const { seq } of await events.after(passed, 1_000, { publicOnly: false })) {
      if (seq <= passed) continue
      seen.push(seq)
      passed = seq
    }
  }
  await Promise.all(Array.from({ length: 60 }, (_, n) => write(n)))
  const all = await events.after(0, 1_000, { publicOnly: false })
  expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 80 }, (_, n) => n + 1))
  // Who has gone on with each look has missed none.
  expect(seen).toEqual(all.slice(0, seen.length).map(({ seq }) => seq))
  expect(await events.last()).toBe(80)
  expect(await events.after(0, 1_000, { publicOnly: true })).toHaveLength(40)
  expect(new Set(all.map(({ id }) => id)).size).toBe(80)
})
