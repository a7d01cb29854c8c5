import { connect } from 'node:net'
import { EventSource } from 'eventsource'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NewEvent } from '../../src/events/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { type Listener, listenTo } from '../support/listener.ts'

let app: TestApp
/** Another node on the same database. */
let other: TestApp
let desk: Desk
const listeners: Listener[] = []
const settings = { STREAM_HEARTBEAT_MS: '250', STREAM_LISTENERS_MAX: '3' }
beforeAll(async () => {
  app = await startApp({ settings })
  other = await startApp({ settings, database: { url: app.url, drop: async () => undefined }, clock: app.clock })
  desk = await app.withRole('admin')
})
afterEach(async () => {
  for (const each of listeners.splice(0)) each.stop()
})

async function listen(to: TestApp, query = '', headers: Record<string, string> = {}): Promise<Listener> {
  const listener = await listenTo(`${to.origin}/v1/stream${query}`, headers)
  listeners.push(listener)
  if (listener.status !== 200) throw new Error(`refused with ${listener.status}`)
  return listener
}
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 20 })

describe('the stream of changes', () => {
  it('tells what is published on whichever node, as the feed has it, and nothing of the desk', async () => {
    const here = await listen(app)
    const there = await listen(other)
    expect(here.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'private, no-store',
      'access-control-allow-origin': '*',
    })
    const from = /id: (.*)/.exec(here.text())?.[1]
    await draft(desk, { headline: 'Hidden' })
    const { id } = await published(desk, { headline: 'Heard', slug: 'heard' })
    // Before the kill, or one of the two may hear how it was called and the other not any more.
    for (const each of [here, there]) await until(() => expect(each.kinds()).toEqual(['article.published']))
    await desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await until(() => expect(here.kinds()).toEqual(['article.published', 'article.killed']))
    await until(() => expect(there.heard()).toEqual(here.heard()))
    const { body } = await app.nobody.get(`/v1/changes?after=${from}`).expect(200)
    expect(here.heard().map(({ data }) => data.id)).toEqual(body.data.map((each: { id: string }) => each.id))
    expect(here.heard().at(-1)?.id).toBe(body.page.next)
    expect(here.text()).not.toContain('Hidden')
  })

  it('keeps no place for those who are gone before it begins', async () => {
    const { port } = new URL(app.origin)
    for (let n = 0; n < 60; n++) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write('GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.resetAndDestroy())
    }
    await until(async () => void (await listen(app)))
    await until(async () => void (await listen(app)))
    await listen(app)
  })

  it('says how an article is called only while readers have it', async () => {
    const { id } = await published(desk, { headline: 'Soon gone', slug: 'soon-gone' })
    const { body } = await app.nobody.get('/v1/changes?limit=100').expect(200)
    expect(body.data.at(-1)).toMatchObject({ headline: 'Soon gone', slug: 'soon-gone', version: 1 })
    expect(body.data.at(-1).url).toContain('soon-gone')
    const late = await listen(app, `?after=${Buffer.from('public:0').toString('base64url')}`)
    await until(() => expect(late.text()).toContain('Soon gone'))
    late.stop()
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    const later = await listen(app, `?after=${Buffer.from('public:0').toString('base64url')}`)
    await until(() => expect(later.heard().at(-1)?.data).toMatchObject({ kind: 'article.withdrawn', subject: { id } }))
    expect(later.text()).not.toContain('oon gone')
    expect(JSON.stringify((await app.nobody.get('/v1/changes?limit=100')).body)).not.toContain('oon gone')
  })

  it('goes on from the last event that a reader had, in order and without one twice', async () => {
    const first = await listen(app)
    for (let n = 0; n < 3; n++) await published(desk)
    await until(() => expect(first.heard()).toHaveLength(3))
    first.stop()
    for (let n = 0; n < 130; n++) await published(desk)
    const cursor = first.heard()[0]?.id ?? ''
    const again = await listen(other, '?after=cHVibGljOjA', { 'last-event-id': cursor })
    await until(() => expect(again.heard()).toHaveLength(132))
    await published(desk)
    await until(() => expect(again.heard()).toHaveLength(133))
    const ids = again.heard().map(({ data }) => data.id)
    expect(new Set(ids).size).toBe(ids.length)
    const all: string[] = []
    for (let after = cursor; ; ) {
      const { body } = await app.nobody.get(`/v1/changes?limit=100&after=${after}`).expect(200)
      if (body.data.length === 0) break
      all.push(...body.data.map((each: { id: string }) => each.id))
      after = body.page.next
    }
    expect(ids).toEqual(all)
  })

  it('is what the EventSource of a browser understands, over a lost connection too', async () => {
    const source = new EventSource(`${app.origin}/v1/stream`)
    const heard: string[] = []
    source.onmessage = ({ data }) => heard.push((JSON.parse(data) as { subject: { id: string } }).subject.id)
    await new Promise((resolve) => {
      source.onopen = resolve
    })
    const one = await published(desk)
    await until(() => expect(heard).toEqual([one.id]))
    app.app.server.closeAllConnections()
    const two = await published(desk)
    await vi.waitFor(() => expect(heard).toEqual([one.id, two.id]), { timeout: 10_000 })
    source.close()
  })

  it('sends a heartbeat where nothing happens', async () => {
    const quiet = await listen(app)
    await until(() => expect(quiet.text().match(/^:$/gm)?.length).toBeGreaterThan(1))
    expect(quiet.heard()).toEqual([])
  })

  it('takes so many and no more, and those that leave make room', async () => {
    const some = await Promise.all([listen(app), listen(app), listen(app)])
    const { headers } = await app.nobody.get('/v1/stream').expect(503)
    expect(headers['retry-after']).toBe('5')
    some[0]?.stop()
    await until(async () => void (await listen(app)))
  })

  it('refuses places that nobody gave out, those of the desk, and those of a log that is no more', async () => {
    const far = Buffer.from('public:999999').toString('base64url')
    const desks = Buffer.from('desk:1').toString('base64url')
    for (const cursor of ['x', desks, far]) {
      await app.nobody.get(`/v1/stream?after=${cursor}`).expect(400)
      await app.nobody.get('/v1/stream').set('last-event-id', cursor).expect(400)
      await app.nobody.get(`/v1/changes?after=${cursor}`).expect(400)
    }
    await app.nobody.get('/v1/stream').set('accept', 'application/json').expect(406)
    const { headers } = await app.nobody.head('/v1/stream').expect(200)
    expect(headers['content-type']).toBe('text/event-stream')
  })

  it('lets go who does not read what comes, and nobody else', async () => {
    const own = await startApp({ settings })
    const connections = () =>
      new Promise<number>((resolve) => {
        own.app.server.getConnections((_, many) => resolve(many))
      })
    const reads = await listenTo(`${own.origin}/v1/stream`)
    const socket = connect(own.port, '127.0.0.1').on('error', () => undefined)
    socket.write('GET /v1/stream HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.pause()
    await until(async () => expect(await connections()).toBe(2))
    // As much as the system keeps for both sides, and then some.
    const event: Omit<NewEvent, 'subjectId'> = {
      kind: 'rail.changed',
      subjectKind: 'rail',
      payload: { changed: ['items '.repeat(1_000)] },
    }
    for (let sent = 0; (await connections()) === 2 && sent < 5_000; ) {
      const some = Array.from({ length: 100 }, () => ({ ...event, subjectId: String(sent++) }))
      await own.db.write((tx) => own.services.events.appendIn(tx, some))
      await until(() => expect(reads.heard()).toHaveLength(sent))
    }
    expect(await connections()).toBe(1)
    expect(reads.isOver()).toBe(false)
    reads.stop()
    socket.destroy()
  })
})

describe('a stream ends', () => {
  it('when its key is revoked, within two seconds', async () => {
    const own = await startApp({ settings: { DELIVERY: 'private' } })
    const key = await own.services.access.create('Partner', 'reader')
    const keyed = await listenTo(`${own.origin}/v1/stream`, { authorization: `Bearer ${key.key}` })
    const stays = await own.withRole('reader')
    const second = await listenTo(`${own.origin}/v1/stream`, { authorization: `Bearer ${stays.key}` })
    expect((await listenTo(`${own.origin}/v1/stream`)).status).toBe(401)
    await own.services.access.revoke(key.id)
    await until(() => expect(keyed.isOver()).toBe(true))
    expect(second.isOver()).toBe(false)
    second.stop()
  })

  it('when the server ends, whole, so that its reader goes on elsewhere', async () => {
    const own = await startApp({ settings })
    const listener = await listenTo(`${own.origin}/v1/stream`)
    const drained = own.drain({ idleMs: 50, totalMs: 20_000 })
    const from = performance.now()
    await until(() => expect(listener.isOver()).toBe(true))
    await drained
    expect(performance.now() - from).toBeLessThan(5_000)
  })
})
