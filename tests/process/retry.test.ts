import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { EditorialArticle } from '../../src/articles/schema.ts'
import { freshDatabase } from '../support/database.ts'
import { holdServer, makeKey, type Server, withServices } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

const ROUNDS = 2 * rounds
const DESKS = 6
const PATH = '/v1/editorial/articles'

/** A request that was sent under its key, and what was answered, as far as an answer came. */
interface Sent {
  key: string
  body: { headline: string; publish: boolean }
  answer?: string
}

async function send(server: Server, secret: string, { key, body }: Sent): Promise<{ text: string; isAgain: boolean }> {
  const answer = await server.call(PATH, secret, { body, headers: { 'idempotency-key': key } })
  const text = await answer.text()
  expect(answer.status, text).toBe(201)
  return { text, isAgain: answer.headers.get('idempotency-replayed') === 'true' }
}

/** One desk: creates articles without a pause, each under a key of its own, until the server is gone. */
async function work(server: Server, secret: string, sent: Sent[]): Promise<void> {
  for (;;) {
    const name = `Story ${sent.length} of ${Math.random()}`
    const one: Sent = { key: name.replaceAll(' ', '-'), body: { headline: name, publish: sent.length % 2 === 0 } }
    sent.push(one)
    one.answer = (await send(server, secret, one)).text
  }
}

it(`a request whose answer was lost in a kill -9 is sent again and done once, ${ROUNDS} times over`, {
  timeout: 60_000 * ROUNDS,
}, async () => {
  const { url, drop } = await freshDatabase()
  const secret = await makeKey(url, 'editor')
  const settings = { DATABASE_URL: url, LOG_LEVEL: 'info' }
  const all: Sent[] = []
  let lost = 0
  let next = holdServer(settings)
  for (let round = 0; round <= ROUNDS; round++) {
    const server = await next.start()
    if (round < ROUNDS) next = holdServer(settings)
    // What was on its way is sent again, twice at once: the clients do not know how far it came.
    for (const one of all.filter(({ answer }, at) => answer === undefined || at >= all.length - DESKS)) {
      const before = one.answer
      const answers = await Promise.all([send(server, secret, one), send(server, secret, one)])
      expect(answers[0]?.text).toBe(answers[1]?.text)
      if (before !== undefined) {
        expect(answers).toEqual([
          { text: before, isAgain: true },
          { text: before, isAgain: true },
        ])
      } else {
        lost++
        // Either it was done before the kill, or the first of the two has done it now.
        expect(answers.filter(({ isAgain }) => isAgain).length).toBeGreaterThan(0)
      }
      one.answer = answers[0]?.text ?? ''
    }
    if (round === ROUNDS) {
      await server.kill('SIGTERM')
      break
    }
    const enough = all.length + 10 + Math.floor(Math.random() * 40)
    const desks = Array.from({ length: DESKS }, () => work(server, secret, all).catch((error: unknown) => error))
    while (all.length < enough) await sleep(Math.random() * 3)
    await server.kill('SIGKILL')
    for (const error of await Promise.all(desks)) expect(String(error)).toMatch(/fetch failed|terminated|closed/)
  }
  // One article for each key, and it is the one that was answered.
  await withServices(url, async (_services, { read, tables }) => {
    const articles = await read.select().from(tables.articles)
    const answered = all.map(({ answer = '{}' }) => (JSON.parse(answer) as EditorialArticle).id)
    expect(articles.map(({ id }) => id).sort()).toEqual(answered.sort())
    expect(await read.select().from(tables.idempotencyKeys)).toHaveLength(all.length)
    const entries = (await read.select().from(tables.audit)).filter(({ action }) => action === 'createArticle')
    expect(entries.map(({ subjectId }) => subjectId).sort()).toEqual(answered)
  })
  // Each kill came while something was on its way.
  expect(lost).toBeGreaterThanOrEqual(ROUNDS)
  await drop()
})
