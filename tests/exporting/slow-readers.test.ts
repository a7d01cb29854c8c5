import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, published } from '../support/builders.ts'

const PATH = '/v1/editorial/export'
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { REQUEST_TIMEOUT_MS: '1000' } })
  desk = await app.withRole('admin')
  // More than the system keeps for a reader who takes nothing.
  const bodyText = Array.from(
    { length: 9_000 },
    (_, n) => `Sentence number ${n} of a text that is very long indeed. `,
  ).join('')
  for (let n = 0; n < 4; n++) await published(desk, { bodyText })
})

/** An export of which nothing is read until somebody does. */
const asked = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${desk.key}` }
    get(`${app.origin}${PATH}`, { headers }, (answer) => resolve(answer.pause())).on('error', reject)
  })

/** Whether it came whole. */
const isWhole = async (answer: IncomingMessage): Promise<boolean> => {
  let last = ''
  try {
    for await (const chunk of answer.setEncoding('utf8')) last = (last + chunk).slice(-200)
  } catch {
    return false
  }
  return last.includes('"kind":"end"')
}

it('whoever has an export sent and takes nothing loses it, and others have the place', async () => {
  const idle = [await asked(), await asked()]
  await desk.get(PATH).expect(503)
  await sleep(1_500)
  expect(await isWhole(await asked())).toBe(true)
  expect(await Promise.all(idle.map(isWhole))).toEqual([false, false])
})

it('whoever takes it slowly, and goes on taking, has it whole', async () => {
  const answer = await asked()
  let length = 0
  const end = new Promise((resolve, reject) => answer.once('end', resolve).once('error', reject))
  let last = ''
  answer.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-200)
    length += text.length
    // Longer than the limit in all, with rests that are shorter.
    if (length < 2_000_000) return
    length = 0
    answer.pause()
    setTimeout(() => answer.resume(), 300)
  })
  answer.resume()
  await end
  expect(last).toContain('"kind":"end"')
})

it('whoever goes away leaves the place at once', async () => {
  for (const each of [await asked(), await asked()]) each.destroy()
  await sleep(200)
  expect(await isWhole(await asked())).toBe(true)
})
