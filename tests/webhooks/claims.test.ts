import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startApp } from '../support/app.ts'
import { happen, OPEN, startReceiver, WEBHOOKS } from '../support/receiver.ts'

it('what is on its way is left to its sender while that lives, and to others a quarter of a minute after its death', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const settings = { ...OPEN, WEBHOOK_TIMEOUT_MS: '30000' }
  const app = await startApp({ settings })
  const other = await startApp({ settings, database: { url: app.url, drop: async () => {} }, clock: app.clock })
  const admin = await app.withRole('admin')
  const receiver = await startReceiver()
  await admin.post(WEBHOOKS, { name: 'Slow', url: `${receiver.url}/slow` }).expect(201)
  let answer = () => {}
  receiver.answerWith((_each, response) => {
    answer = () => response.writeHead(204).end()
  })
  await happen(app, { id: 'slow' })
  const sending = app.services.sender.tick()
  while (receiver.received.length === 0) await sleep(5)
  for (let turn = 0; turn < 4; turn++) {
    app.clock.pass(10_000)
    await vi.advanceTimersByTimeAsync(5_000)
    // The renewal is written beside us.
    await sleep(50)
    expect(await other.services.sender.tick()).toBe(0)
  }
  // Its timer stands still, as if it were dead.
  app.clock.pass(15_001)
  receiver.answerWith(204)
  expect(await other.services.sender.tick()).toBe(1)
  expect(new Set(receiver.ids()).size).toBe(1)
  answer()
  await sending
  expect((await app.services.sender.tick()) + (await other.services.sender.tick())).toBe(0)
})
