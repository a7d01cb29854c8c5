import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { runSender } from '../support/process.ts'
import { happen, OPEN, startReceiver, WEBHOOKS } from '../support/receiver.ts'
import { rounds } from '../support/rounds.ts'

const ROUNDS = 3 * rounds
const EACH = 40

it(
  'however often the sender is killed, every event arrives, in order for each article; what comes twice has one id',
  async () => {
    const clock = { now: () => new Date().toISOString(), pass: () => {} }
    const app = await startApp({ settings: OPEN, clock })
    const admin = await app.withRole('admin')
    const receiver = await startReceiver()
    await admin.post(WEBHOOKS, { name: 'Ours', url: receiver.url }).expect(201)
    receiver.answerWith(async (_each, response) => {
      await sleep(Math.random() * 5)
      // Now and then one has been received, and the sender does not learn of it.
      if (Math.random() < 0.02) response.destroy()
      else response.writeHead(200).end()
    })
    // Each clock is far enough ahead that claims of the one before and pauses between attempts are over.
    const settings = { DATABASE_URL: app.url, ...OPEN }
    let ahead = 0
    let next = runSender(settings, ahead)
    let happened = 0
    for (let round = 0; round < ROUNDS; round++) {
      const sender = next
      ahead += 600_000
      next = runSender(settings, ahead, true)
      for (let n = 0; n < EACH; n += 10) {
        await happen(app, ...Array.from({ length: 10 }, () => ({ id: `article ${happened++ % 7}` })))
      }
      const before = receiver.received.length
      await sender.begun()
      const wanted = before + 1 + Math.floor(Math.random() * EACH)
      for (let waited = 0; receiver.received.length < wanted && waited < 300; waited++) await sleep(10)
      await sleep(Math.random() * 10)
      expect((await sender.kill()).stderr).toBe('')
    }
    await next.kill()
    // Nothing fails any more: what waits for its next attempt has it with the next clock.
    receiver.answerWith(200)
    const arrived = () => new Set(receiver.ids()).size
    for (let tries = 0; arrived() < happened && tries < 10; tries++) {
      ahead += 86_400_000
      const sender = runSender(settings, ahead)
      await sender.begun()
      for (let before = -1; arrived() < happened && arrived() > before; ) {
        before = arrived()
        for (let waited = 0; arrived() < happened && waited < 100; waited++) await sleep(20)
      }
      await sender.kill()
    }
    const events = await app.services.events.after(0, 100_000, { publicOnly: true })
    expect(receiver.received.length).toBeGreaterThanOrEqual(happened)
    expect([...new Set(receiver.ids())].toSorted()).toEqual(events.map(({ id }) => id).toSorted())
    const idsBySeq = new Map(events.map(({ seq, id }) => [seq, id]))
    for (const { seq, headers } of receiver.received) expect(headers['webhook-id']).toBe(idsBySeq.get(seq))
    for (let n = 0; n < 7; n++) {
      const seqs = receiver.received.filter(({ subject }) => subject === `article ${n}`).map(({ seq }) => seq)
      // The first time that each comes is in order; a repetition comes before the next.
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    }
  },
  120_000 * Math.max(1, rounds),
)
