import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { startApp } from '../support/app.ts'
import { happen, OPEN, WEBHOOKS } from '../support/receiver.ts'
import { textOf } from '../support/sources.ts'

const freePort = () =>
  new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

it('the receiver of docs/webhooks.md has no more than 20 lines, takes what is signed, each once, and nothing else', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(textOf('docs/webhooks.md')) ?? []
  expect(code.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(20)
  expect(code).not.toBe('')
  const app = await startApp({ settings: OPEN, clock: { now: systemClock.now, pass: () => {} } })
  const admin = await app.withRole('admin')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/hooks`
  const made = (await admin.post(WEBHOOKS, { name: 'Docs', url }).expect(201)).body
  const env = { WEBHOOK_SECRET: made.secret, PORT: String(port) }
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text))
  const ended = new Promise((done) => child.once('close', done))
  try {
    const post = (headers: Record<string, string> = {}) => fetch(url, { method: 'POST', body: '{}', headers })
    let answer: Response | undefined
    while (answer === undefined) {
      await sleep(20)
      answer = await post().catch(() => undefined)
    }
    expect(answer.status).toBe(401)
    const fields = { 'webhook-id': 'x', 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}` }
    expect((await post({ ...fields, 'webhook-signature': 'v1,AAAA v1,' })).status).toBe(401)
    await admin.change(`${WEBHOOKS}/${made.id}/rotate`, 1).expect(200)
    await happen(app, { kind: 'article.published' }, { kind: 'rail.changed', id: 'top' })
    await app.services.sender.tick()
    await admin.post(`${WEBHOOKS}/${made.id}/redeliver`, { after: 0 }).expect(202)
    await app.services.sender.tick()
    const { data } = (await admin.get(`${WEBHOOKS}/${made.id}/deliveries`)).body
    expect(data.map(({ state }: { state: string }) => state)).toEqual(['delivered', 'delivered'])
    expect(printed.trim().split('\n').toSorted()).toEqual(['article.published', 'rail.changed'])
  } finally {
    child.kill('SIGKILL')
    await ended
  }
})
