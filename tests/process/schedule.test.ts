import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { holdServer, makeKey, startServer } from '../support/process.ts'

/** Long enough for a slow machine to schedule two pieces and to end before; the test waits no longer than that. */
const AHEAD_MS = 2_500

it('what was scheduled and what expires while the process is stopped is so for the first request after the start', async () => {
  const { url, drop } = await freshDatabase()
  const key = await makeKey(url, 'editor')
  const next = holdServer({ DATABASE_URL: url })
  const server = await startServer({ DATABASE_URL: url })
  const make = async (headline: string) => {
    const answer = await server.call('/v1/editorial/articles', key, { body: { headline, bodyText: 'Text.' } })
    expect(answer.status).toBe(201)
    return (await answer.json()) as { id: string }
  }
  const [comes, goes] = [await make('Comes'), await make('Goes')]
  const due = Date.now() + AHEAD_MS
  const publish = async ({ id }: { id: string }, times: object) => {
    const headers = { 'if-match': '"1"' }
    const answer = await server.call(`/v1/editorial/articles/${id}/publish`, key, { body: times, headers })
    expect(answer.status).toBe(200)
  }
  const at = new Date(due).toISOString()
  await publish(comes, { liveFrom: at })
  await publish(goes, { liveUntil: at })
  const statuses = (on: typeof server) =>
    Promise.all([comes, goes].map(async ({ id }) => (await on.call(`/v1/articles/${id}`)).status))
  const before = await statuses(server)
  if (Date.now() < due) expect(before).toEqual([404, 200])
  await server.kill('SIGKILL')
  await sleep(Math.max(0, due - Date.now()))
  const again = await next.start()
  expect(await statuses(again)).toEqual([200, 404])
  const { data } = await again.read<{ data: { id: string }[] }>('/v1/articles')
  expect(data.map(({ id }) => id)).toEqual([comes.id])
  await again.kill('SIGTERM')
  await drop()
})
