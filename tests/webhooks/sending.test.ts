import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { articleTag } from '../../src/shared/cache-tags.ts'
import type { Webhook as Endpoint, WebhookCreated } from '../../src/webhooks/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS } from '../support/builders.ts'
import { happen, OPEN, type Received, startReceiver, WEBHOOKS } from '../support/receiver.ts'

const HOUR = 3_600_000

let app: TestApp
let admin: Desk
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  app = await startApp({ settings: { ...OPEN, WEBHOOK_TIMEOUT_MS: '300' } })
  admin = await app.withRole('admin')
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const { id } of (await admin.get(WEBHOOKS)).body.data) await admin.delete(`${WEBHOOKS}/${id}`, '*').expect(204)
  receiver.received.length = 0
  receiver.answerWith(204)
})

const endpoint = async (fields: object = {}): Promise<WebhookCreated> =>
  (await admin.post(WEBHOOKS, { name: 'Test', url: `${receiver.url}/hook`, ...fields }).expect(201)).body
const standing = async (id: string): Promise<Endpoint> => (await admin.get(`${WEBHOOKS}/${id}`).expect(200)).body
const deliveries = async (id: string, query = '?limit=100') =>
  (await admin.get(`${WEBHOOKS}/${id}/deliveries${query}`).expect(200)).body.data
const tick = () => app.services.sender.tick()
/** Lets time pass in steps, as a sender does that looks now and then. */
async function pass(ms: number, step = 60_000) {
  for (let left = ms; left > 0; left -= step) {
    app.clock.pass(Math.min(step, left))
    await tick()
  }
}
const verified = (secret: string, { body, headers }: Received) => {
  const fields = headers as Record<string, string>
  // Both look at their own clock, so they are shown the time of the attempt as now.
  const at = Number(fields['webhook-timestamp']) * 1_000
  const now = Date.now
  Date.now = () => at
  try {
    return [new Webhook(secret).verify(body, fields), new SvixWebhook(secret).verify(body, fields)]
  } finally {
    Date.now = now
  }
}

describe('a message', () => {
  it('is signed so that both libraries that receivers use take it, and no altered one', async () => {
    const { secret } = await endpoint()
    const payload = { version: 3, sections: ['ärger-am-„fluss“'], tags: ['a-1', 'articles'] }
    await happen(app, { kind: 'article.published', id: 'ferry', payload })
    await tick()
    const [each] = receiver.received
    expect(receiver.received).toHaveLength(1)
    const [event] = (await app.services.events.after(0, 1_000, { publicOnly: true })).slice(-1)
    const data = { seq: event?.seq, subject: { kind: 'article', id: 'ferry' }, ...payload }
    expect(verified(secret ?? '', each as Received)).toEqual(
      Array(2).fill({ type: 'article.published', timestamp: event?.at, data }),
    )
    expect(each?.headers).toMatchObject({ 'webhook-id': event?.id, 'content-type': 'application/json' })
    const altered = { ...(each as Received), body: each?.body.replace('ferry', 'fairy') ?? '' }
    expect(() => verified(secret ?? '', altered)).toThrow('No matching signature')
    expect(() => verified('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', each as Received)).toThrow('No matching signature')
  })

  it('says how an article is called only while readers have it, however late it is sent', async () => {
    await endpoint()
    receiver.answerWith(500)
    const kept = await published(admin, { headline: 'Still there', slug: 'still-there' })
    const gone = await published(admin, { headline: 'Taken away' })
    await tick()
    await admin.change(`${articleAt(gone.id)}/kill`, '*', { reason: 'legal' }).expect(200)
    receiver.answerWith(204)
    receiver.received.length = 0
    await pass(6 * 60_000)
    const of = (id: string) => receiver.received.filter(({ subject }) => subject === id)
    expect(of(gone.id).map(({ type }) => type)).toEqual(['article.published', 'article.killed'])
    expect(gone.slug).toBe('taken-away')
    expect(JSON.stringify(of(gone.id))).not.toMatch(/taken.away/i)
    for (const { id } of (await deliveries((await admin.get(WEBHOOKS)).body.data[0].id)) as { id: string }[]) {
      const at = `${WEBHOOKS}/${(await admin.get(WEBHOOKS)).body.data[0].id}/deliveries/${id}`
      expect(JSON.stringify((await admin.get(at)).body.requests)).not.toMatch(/taken.away/i)
    }
    const { data } = JSON.parse(of(kept.id)[0]?.body ?? '')
    expect(data).toMatchObject({ headline: 'Still there', slug: 'still-there', version: 1 })
    expect(data.url).toContain('still-there')
  })

  it('names no rail and no story that readers do not have, though they have a link to the article', async () => {
    await endpoint()
    const { id } = await published(admin)
    const items = [{ target: { kind: 'article', id } }]
    await admin.post(RAILS, { key: 'seen', title: 'Seen', items }).expect(201)
    await admin.post(RAILS, { key: 'unseen', title: 'Unseen', publishMode: 'staged', items }).expect(201)
    const hidden = await draft(admin)
    await admin.put(`${articleAt(hidden.id)}/headlines`, { items }, 0).expect(200)
    const shown = await published(admin)
    await admin.put(`${articleAt(shown.id)}/headlines`, { items }, 0).expect(200)
    const gone = await published(admin)
    await admin.put(`${articleAt(gone.id)}/headlines`, { items }, 0).expect(200)
    await admin.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
    await pass(1_000)
    receiver.received.length = 0
    await admin.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    await pass(1_000)
    const [{ data }] = receiver.received.map(({ body }) => JSON.parse(body))
    // Rails are named by what shows several articles.
    expect(data.tags).toEqual([articleTag(id), 'articles', articleTag(shown.id)])
    expect(JSON.stringify(data)).not.toContain('unseen')
    // Nobody has seen a link to what is gone: it changes no page.
    const late = await published(admin)
    await admin.put(`${articleAt(late.id)}/headlines`, { items }, 0).expect(200)
    await pass(1_000)
    receiver.received.length = 0
    await admin.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await pass(1_000)
    expect(receiver.received.map(({ body }) => JSON.parse(body).data.tags)).toEqual([[articleTag(id), 'articles']])
  })

  it('has two signatures for a day after the secret was changed, and one then', async () => {
    const { id, secret } = await endpoint()
    const rotated = (await admin.change(`${WEBHOOKS}/${id}/rotate`, 1).expect(200)).body
    expect(rotated.secret).not.toBe(secret)
    await happen(app, {})
    await tick()
    for (const each of [secret, rotated.secret]) verified(each, receiver.received[0] as Received)
    expect(String(receiver.received[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
    app.clock.pass(25 * HOUR)
    await happen(app, {})
    await tick()
    verified(rotated.secret, receiver.received[1] as Received)
    expect(() => verified(secret ?? '', receiver.received[1] as Received)).toThrow()
  })

  it('has the same id and a new time each time that it is tried', async () => {
    await endpoint()
    receiver.answerWith(500)
    await happen(app, {})
    await tick()
    await pass(10_000, 10_000)
    expect(receiver.received).toHaveLength(2)
    expect(new Set(receiver.ids()).size).toBe(1)
    const [first, second] = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']))
    expect(second).toBeGreaterThan(first ?? 0)
  })
})

describe('which events', () => {
  it('come is said by kinds and sections; what is the desk’s only where it is asked for', async () => {
    const all = await endpoint({ url: `${receiver.url}/all` })
    await endpoint({ url: `${receiver.url}/kinds`, kinds: ['article.killed', 'rail.*'] })
    await endpoint({ url: `${receiver.url}/world`, sections: ['world'] })
    await endpoint({ url: `${receiver.url}/desk`, kinds: ['desk.patchArticle', 'desk.disableWebhook'] })
    await happen(
      app,
      { kind: 'article.published', payload: { sections: ['asia', 'world'] } },
      { kind: 'article.killed', id: 'two', payload: { sections: ['sport'] } },
      { kind: 'rail.changed', id: 'top' },
      { kind: 'desk.patchArticle', id: 'three' },
      { kind: 'desk.patchRail', id: 'top' },
    )
    await tick()
    const at = (path: string) =>
      receiver.received
        .filter((each) => each.path === path)
        .map(({ type }) => type)
        .toSorted()
    expect(at('/all')).toEqual(['article.killed', 'article.published', 'rail.changed'])
    expect(at('/kinds')).toEqual(['article.killed', 'rail.changed'])
    expect(at('/world')).toEqual(['article.published', 'rail.changed'])
    expect(at('/desk')).toEqual(['desk.patchArticle'])
    expect((await standing(all.id)).place).toBe(await app.services.events.last())
  })

  it.each([
    ['something', [{ kind: 'article.killed' as const, id: 'asked' }]],
    ['nothing', [{ kind: 'rail.changed' as const, id: 'not-asked' }]],
  ])('are not lost where it is changed while they are looked for, and %s was asked before', async (_name, first) => {
    const { id } = await endpoint({ kinds: ['article.killed'] })
    await happen(app, ...first)
    const { events } = app.services
    const { after } = events
    events.after = async (...asked) => {
      events.after = after
      await admin.patch(`${WEBHOOKS}/${id}`, { kinds: ['article.*'] }, '*').expect(200)
      await happen(app, { id: 'asked since' })
      return after(...asked)
    }
    await tick()
    await tick()
    expect(receiver.received.map(({ subject }) => subject)).toContain('asked since')
    expect(receiver.received).toHaveLength(first[0]?.id === 'asked' ? 2 : 1)
  })

  it('come from now on, or from the event that is named', async () => {
    await happen(app, { id: 'before' })
    const last = await app.services.events.last()
    await endpoint({ url: `${receiver.url}/now` })
    await endpoint({ url: `${receiver.url}/from`, after: last - 1 })
    await happen(app, { id: 'after' })
    await tick()
    const at = (path: string) => receiver.received.filter((each) => each.path === path).map(({ subject }) => subject)
    expect(at('/now')).toEqual(['after'])
    expect(at('/from').toSorted()).toEqual(['after', 'before'])
  })
})

describe('what does not arrive', () => {
  it('comes when the receiver is back after an hour: all of it, each once, in order for each article', async () => {
    const { id } = await endpoint()
    receiver.answerWith(503)
    for (let n = 0; n < 40; n++) {
      await happen(app, ...['one', 'two', 'three'].map((article) => ({ id: article, payload: { version: n + 1 } })))
      await pass(90_000)
    }
    expect((await deliveries(id, '?state=delivered')).length).toBe(0)
    expect((await standing(id)).failingSince).not.toBeNull()
    receiver.received.length = 0
    receiver.answerWith(204)
    await pass(3 * HOUR)
    expect(receiver.received).toHaveLength(120)
    expect(new Set(receiver.ids()).size).toBe(120)
    for (const article of ['one', 'two', 'three']) {
      const seqs = receiver.received.filter(({ subject }) => subject === article).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
      expect(seqs).toHaveLength(40)
    }
    expect(await standing(id)).toMatchObject({ failingSince: null, isActive: true })
    expect(await deliveries(id, '?state=pending')).toEqual([])
  })

  it('holds what comes later of the same article, and nothing of others', async () => {
    await endpoint()
    receiver.answerWith(({ subject }, response) => response.writeHead(subject === 'bad' ? 500 : 200).end())
    await happen(app, { id: 'bad' }, { id: 'bad' }, { id: 'good' }, { id: 'good' })
    await tick()
    expect(receiver.received.map(({ subject }) => subject).toSorted()).toEqual(['bad', 'good', 'good'])
  })

  it('stops nothing else, be it ever so much', async () => {
    const { id } = await endpoint()
    receiver.answerWith(({ subject }, response) => response.writeHead(subject === 'good' ? 204 : 400).end())
    await happen(app, ...Array.from({ length: 510 }, (_, n) => ({ id: `bad ${n}` })))
    await tick()
    await happen(app, { id: 'good' })
    await tick()
    expect(receiver.received.filter(({ subject }) => subject === 'good')).toHaveLength(1)
    expect(await standing(id)).toMatchObject({ isActive: true, failingSince: null })
  })

  it('and is no more in the log is given up, which is no fault of the endpoint', async () => {
    const { id } = await endpoint()
    receiver.answerWith(500)
    await happen(app, { id: 'forgotten' })
    await tick()
    await admin.patch(`${WEBHOOKS}/${id}`, { isActive: false }, '*').expect(200)
    const { events } = app.db.tables
    await app.db.write((tx) => tx.delete(events).where(eq(events.subjectId, 'forgotten')))
    await admin.patch(`${WEBHOOKS}/${id}`, { isActive: true }, '*').expect(200)
    await pass(60_000)
    expect(receiver.received).toHaveLength(1)
    expect((await deliveries(id)).find(({ kind }: { kind: string }) => kind === 'article.updated')).toMatchObject({
      state: 'failed',
      nextAttemptAt: null,
    })
    expect(await standing(id)).toMatchObject({ isActive: true, failingSince: null })
  })

  it('is a redirect, an answer too late, one that breaks off, and none at all; what comes back is kept, cut', async () => {
    const { id, secret } = await endpoint()
    const ways: [(response: Parameters<Parameters<typeof receiver.answerWith>[0] & object>[1]) => unknown, object][] = [
      [(response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end(), { lastStatus: 302 }],
      [() => undefined, { lastStatus: null, lastError: 'There was no answer in time.' }],
      [(response) => response.destroy(), { lastStatus: null, lastError: 'The connection failed (ECONNRESET).' }],
      [
        (response) => response.writeHead(101, { upgrade: 'websocket', connection: 'Upgrade' }).end(),
        { lastStatus: null, lastError: 'The connection failed.' },
      ],
      [(response) => response.writeHead(500).end(`${secret} ${'ä'.repeat(5_000)}\0`), { lastStatus: 500 }],
    ]
    for (const [n, [way, result]] of ways.entries()) {
      receiver.answerWith((_each, response) => way(response))
      await happen(app, { id: `way ${n}` })
      await tick()
      expect((await deliveries(id))[0]).toMatchObject({ state: 'pending', attempts: 1, ...result })
    }
    expect(receiver.received.every(({ path }) => path === '/hook')).toBe(true)
    const [newest] = await deliveries(id)
    const { body } = await admin.get(`${WEBHOOKS}/${id}/deliveries/${newest.id}`).expect(200)
    expect(body.log).toHaveLength(1)
    expect(body.log[0].answer.startsWith('[secret] ää')).toBe(true)
    expect(Buffer.byteLength(body.log[0].answer)).toBeLessThanOrEqual(2_048)
    expect(body.requests[0]).toMatchObject({ method: 'POST', url: `${receiver.url}/hook` })
    expect(JSON.parse(body.requests[0].body).data.subject.id).toBe('way 4')
  })

  it('arrives with a 2xx whose connection breaks off in its body', async () => {
    const { id } = await endpoint()
    receiver.answerWith((_each, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x')
      setTimeout(() => response.destroy(), 20)
    })
    await happen(app, {})
    await tick()
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', lastStatus: 200 }])
  })

  it('arrives with a 2xx whose body never ends, of which no more is read than the beginning', async () => {
    const { id } = await endpoint()
    receiver.answerWith((_each, response) => {
      response.writeHead(200)
      const more = () => !response.destroyed && response.write('x'.repeat(100_000), () => setImmediate(more))
      more()
    })
    await happen(app, {})
    await tick()
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered' }])
  })

  it.each([
    ['seconds', () => '7200'],
    ['a date', () => new Date(Date.parse(app.clock.now()) + 2 * HOUR).toUTCString()],
  ])('waits as long as Retry-After says, in %s, with all of its endpoint', async (_name, field) => {
    const { id } = await endpoint()
    receiver.answerWith((_each, response) => response.writeHead(429, { 'retry-after': field() }).end())
    await happen(app, {})
    await tick()
    await happen(app, { id: 'two' })
    await pass(1.9 * HOUR)
    expect(receiver.received).toHaveLength(1)
    expect((await standing(id)).pausedUntil).not.toBeNull()
    receiver.answerWith(204)
    await pass(0.2 * HOUR)
    expect(receiver.received).toHaveLength(3)
    expect((await standing(id)).pausedUntil).toBeNull()
  })

  it('is tried ten times within little more than a day, at intervals that differ from one to another', async () => {
    const { id } = await endpoint()
    receiver.answerWith((each, response) => response.writeHead(each.subject === 'bad' ? 500 : 200).end())
    const since = Date.parse(app.clock.now())
    await happen(app, { id: 'bad' })
    const times: number[] = []
    for (let minutes = 0; minutes < 27 * 60; minutes += 5) {
      await pass(300_000, 300_000)
      // Something else arrives, so that the endpoint is not the one at fault.
      if (minutes % 60 === 0) await happen(app, { id: `good ${minutes}` })
      const tried = receiver.received.filter(({ subject }) => subject === 'bad').length
      while (times.length < tried) times.push(Date.parse(app.clock.now()) - since)
    }
    expect(times).toHaveLength(10)
    expect(times.at(-1)).toBeGreaterThan(23.9 * HOUR)
    expect(times.at(-1)).toBeLessThan(26.7 * HOUR)
    const failed = await deliveries(id, '?state=failed')
    expect(failed).toMatchObject([{ attempts: 10, subject: { id: 'bad' }, nextAttemptAt: null }])
    expect(await standing(id)).toMatchObject({ isActive: true })
  })
})

describe('an endpoint', () => {
  it('that answers 410 is switched off, and told to the desk; switched on again, it goes on where it stood', async () => {
    const { id } = await endpoint()
    receiver.answerWith(410)
    await happen(app, { id: 'gone' })
    await tick()
    const off = await standing(id)
    expect(off).toMatchObject({ isActive: false, disabled: { reason: 'gone' }, version: 2 })
    const told = (await app.services.events.after(0, 1_000, { publicOnly: false })).slice(-1)
    expect(told).toMatchObject([{ kind: 'desk.disableWebhook', subjectId: id, payload: { reason: 'gone' } }])
    expect((await admin.get('/v1/editorial/audit?action=disableWebhook')).body.data[0]).toMatchObject({
      actor: { name: 'The clock' },
      subject: { kind: 'webhook', id, version: 2, changed: ['isActive'] },
    })
    receiver.answerWith(204)
    await happen(app, { id: 'meanwhile' })
    await pass(HOUR)
    await admin.post(`${WEBHOOKS}/${id}/test`).expect(409)
    expect(receiver.received).toHaveLength(1)
    receiver.received.length = 0
    await admin.patch(`${WEBHOOKS}/${id}`, { isActive: true }, 2).expect(200)
    await tick()
    expect(receiver.received.map(({ subject }) => subject).toSorted()).toEqual(['gone', 'meanwhile'])
    expect(await standing(id)).toMatchObject({ isActive: true, disabled: null, failingSince: null })
  })

  it('to which nothing has come for a day is switched off, and loses nothing', async () => {
    const { id } = await endpoint()
    receiver.answerWith(500)
    await happen(app, { id: 'a' }, { id: 'a' }, { id: 'b' })
    await tick()
    await pass(23 * HOUR, 300_000)
    expect(await standing(id)).toMatchObject({ isActive: true })
    await pass(4 * HOUR, 300_000)
    expect(await standing(id)).toMatchObject({ isActive: false, disabled: { reason: 'failing' } })
    receiver.received.length = 0
    receiver.answerWith(204)
    await admin.patch(`${WEBHOOKS}/${id}`, { isActive: true }, '*').expect(200)
    await tick()
    expect(receiver.received.map(({ subject }) => subject).toSorted()).toEqual(['a', 'a', 'b'])
  })

  it('is sent no more at once than is allowed, on two nodes together, and nothing twice', async () => {
    const again = { settings: OPEN, database: { url: app.url, drop: async () => {} }, clock: app.clock }
    // Not the app itself, which gives up so soon that a busy machine is too slow for it.
    const [one, other] = [await startApp(again), await startApp(again)].map(({ services }) => services.sender.tick)
    await endpoint()
    receiver.answerWith(async (_each, response) => {
      await sleep(Math.random() * 10)
      response.writeHead(200).end()
    })
    const before = receiver.mostOpen()
    await happen(app, ...Array.from({ length: 150 }, (_, n) => ({ id: `article ${n % 40}` })))
    await Promise.all([one?.(), other?.(), one?.(), other?.()])
    await one?.()
    expect(receiver.received).toHaveLength(150)
    expect(new Set(receiver.ids()).size).toBe(150)
    expect(receiver.mostOpen()).toBeLessThanOrEqual(Math.max(5, before))
    for (let n = 0; n < 40; n++) {
      const seqs = receiver.received.filter(({ subject }) => subject === `article ${n}`).map(({ seq }) => seq)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    }
  })

  it('that is slow does not hold others, whoever ends leaves nothing half done, and what it left is sent by others', async () => {
    await endpoint({ url: `${receiver.url}/slow` })
    await endpoint({ url: `${receiver.url}/quick` })
    const other = await startApp({
      settings: { ...OPEN, WEBHOOK_TIMEOUT_MS: '30000' },
      database: { url: app.url, drop: async () => {} },
      clock: app.clock,
    })
    receiver.answerWith(({ path }, response) => path === '/quick' && response.writeHead(200).end())
    const faults: unknown[] = []
    const stop = other.services.sender.start(20, (error) => faults.push(error))
    await happen(app, ...Array.from({ length: 30 }, (_, n) => ({ id: `${n}` })))
    const quick = () => receiver.received.filter(({ path }) => path === '/quick').length
    const slow = () => receiver.received.filter(({ path }) => path === '/slow').length
    while (quick() < 30 || slow() < 5) await sleep(10)
    await stop()
    expect(faults).toEqual([])
    receiver.received.length = 0
    receiver.answerWith(204)
    await tick()
    expect(receiver.received.map(({ path }) => path)).toEqual(Array(30).fill('/slow'))
  })
})

describe('an endpoint for some sections', () => {
  it('is told what leaves them, and of every end of what was ever in them', async () => {
    await endpoint({ sections: ['world'] })
    const { id } = await published(admin, { section: { name: 'World' } })
    const act = (action: string, body?: object) => admin.change(`${articleAt(id)}/${action}`, '*', body)
    await admin.patch(articleAt(id), { section: { name: 'Sport' } }, '*').expect(200)
    await act('publish').expect(200)
    const other = await published(admin, { section: { name: 'Sport' } })
    await pass(1_000)
    await act('kill', { reason: 'legal' }).expect(200)
    await pass(1_000)
    await act('erase', { confirm: id }).expect(204)
    await pass(1_000)
    expect(receiver.received.map(({ type }) => type)).toEqual([
      'article.published',
      'article.updated',
      'article.killed',
      'article.erased',
    ])
    expect(JSON.parse(receiver.received[1]?.body ?? '').data).toMatchObject({
      sections: ['sport'],
      formerSections: ['world'],
    })
    expect(receiver.received.map(({ subject }) => subject)).not.toContain(other.id)
  })
})

describe('one that refuses all of one article', () => {
  it('gets all the others, however much waits behind the first', async () => {
    const { id } = await endpoint()
    receiver.answerWith(({ subject }, response) => response.writeHead(subject === 'bad' ? 400 : 204).end())
    await happen(app, ...Array.from({ length: 1_100 }, () => ({ id: 'bad' })))
    await tick()
    await happen(app, { id: 'good' })
    await tick()
    expect(receiver.received.map(({ subject }) => subject)).toEqual(['bad', 'good'])
    expect(await standing(id)).toMatchObject({ isActive: true, failingSince: null })
  })
})

describe('a purge by many names', () => {
  it('is sent in parts that a server takes, and without names not at all', async () => {
    await endpoint({ format: 'fastly', service: 'SU1Z0isxPaozGVKXdv0eY', token: 'word' })
    const tags = Array.from({ length: 450 }, (_, n) => `a-${'x'.repeat(20)}${n}`)
    await happen(app, { kind: 'article.killed', id: 'much', payload: { tags } })
    await tick()
    const names = receiver.received.map(({ headers }) => String(headers['surrogate-key']).split(' '))
    expect(names.map(({ length }) => length)).toEqual([100, 100, 100, 100, 50])
    expect(names.flat()).toEqual(tags)
  })

  it('of an article that is erased comes once and empties it, whatever of it had not been purged yet', async () => {
    await endpoint({ format: 'fastly', service: 'SU1Z0isxPaozGVKXdv0eY', token: 'word' })
    receiver.answerWith(503)
    const { id } = await published(admin)
    await tick()
    await admin.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await admin.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204)
    receiver.received.length = 0
    receiver.answerWith(({ headers }, response) => response.writeHead(headers['surrogate-key'] ? 200 : 400).end())
    await pass(10 * 60_000)
    expect(receiver.received.map(({ headers }) => headers['surrogate-key'])).toEqual([`${articleTag(id)} articles`])
  })
})

describe('sending again', () => {
  it('one delivery or a range of events keeps their ids, and takes what the endpoint asks for', async () => {
    const { id } = await endpoint({ kinds: ['article.updated'] })
    const before = await app.services.events.last()
    await happen(app, { id: 'a' }, { kind: 'article.killed', id: 'a' }, { id: 'b' }, { id: 'c' })
    await tick()
    const ids = receiver.ids().toSorted()
    expect(ids).toHaveLength(3)
    receiver.received.length = 0
    const at = `${WEBHOOKS}/${id}/redeliver`
    const range = (await admin.post(at, { after: before, until: before + 3 }).expect(202)).body
    expect(range).toEqual({ count: 2, until: before + 3, isMore: false })
    await tick()
    expect(receiver.received.map(({ subject }) => subject).toSorted()).toEqual(['a', 'b'])
    for (const each of receiver.ids()) expect(ids).toContain(each)
    const [newest] = await deliveries(id)
    receiver.received.length = 0
    expect((await admin.post(at, { deliveryId: newest.id }).expect(202)).body.count).toBe(1)
    await tick()
    expect(receiver.ids()).toEqual([newest.messageId])
    await admin.post(at, { deliveryId: newest.webhookId ?? id }).expect(404)
    await admin.post(at, {}).expect(422)
    await admin.post(at, { deliveryId: newest.id, after: 3 }).expect(422)
  })

  it('does not put a later event of an article before one that has not arrived', async () => {
    const { id } = await endpoint()
    await happen(app, { id: 'a', payload: { version: 1 } })
    await tick()
    receiver.answerWith(500)
    await happen(app, { id: 'a', payload: { version: 2 } }, { id: 'a', payload: { version: 3 } })
    await tick()
    const [third, second, first] = (await deliveries(id)).toSorted(
      (a: { seq: number }, b: { seq: number }) => b.seq - a.seq,
    )
    expect([first, second, third]).toMatchObject([
      { state: 'delivered', nextAttemptAt: null },
      { state: 'pending', attempts: 1, nextAttemptAt: expect.any(String) },
      { state: 'pending', attempts: 0, nextAttemptAt: null },
    ])
    receiver.received.length = 0
    const again = (delivery: { id: string }) =>
      admin.post(`${WEBHOOKS}/${id}/redeliver`, { deliveryId: delivery.id }).expect(202)
    // Not its turn, though it is asked for.
    await again(third)
    expect(await tick()).toBe(0)
    // The first is earlier than what waits, so that this waits for it, too.
    await again(first)
    await pass(20_000, 1_000)
    expect(new Set(receiver.received.map(({ seq }) => seq))).toEqual(new Set([first.seq]))
    receiver.received.length = 0
    receiver.answerWith(204)
    await pass(HOUR)
    expect(receiver.received.map(({ seq }) => seq)).toEqual([first.seq, second.seq, third.seq])
    expect(await deliveries(id, '?state=pending')).toEqual([])
  })

  it('a range beyond the most goes on where the answer says, and a test is a delivery of its own', async () => {
    const { id, secret } = await endpoint({ kinds: ['article.erased'] })
    const before = await app.services.events.last()
    for (let n = 0; n < 11; n++)
      await happen(app, ...Array.from({ length: 100 }, () => ({ kind: 'article.corrected' as const })))
    const { body } = await admin.post(`${WEBHOOKS}/${id}/redeliver`, { after: before }).expect(202)
    expect(body).toEqual({ count: 0, until: before + 1_000, isMore: true })
    const test = (await admin.post(`${WEBHOOKS}/${id}/test`).expect(202)).body
    await tick()
    expect(receiver.received).toMatchObject([{ type: 'webhook.test' }])
    verified(secret ?? '', receiver.received[0] as Received)
    expect((await admin.get(`${WEBHOOKS}/${id}/deliveries/${test.id}`)).body).toMatchObject({ state: 'delivered' })
  })

  it('is possible for 30 days: deliveries are forgotten then', async () => {
    const { id } = await endpoint()
    await happen(app, {})
    await tick()
    app.clock.pass(29 * 24 * HOUR)
    await app.services.sender.forgetOld()
    expect(await deliveries(id)).toHaveLength(1)
    app.clock.pass(2 * 24 * HOUR)
    await app.services.sender.forgetOld()
    expect(await deliveries(id)).toEqual([])
  })
})
