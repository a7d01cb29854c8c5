import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

const HOUR = 3_600_000
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const publish = async (id: string, body: object = {}) =>
  (await desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)).body
const edit = (id: string, headline: string) => desk.patch(articleAt(id), { headline }, '*').expect(200)
const read = async (id: string) => (await app.nobody.get(`/v1/articles/${id}`).expect(200)).body
const correction = (text: string) => ({ kind: 'correction', text })

describe('a correction', () => {
  it('is told to readers with its text and time, after those before it, and moves the update', async () => {
    const { id } = await published(desk)
    const before = await read(id)
    expect(before.corrections).toEqual([])
    app.clock.pass(HOUR)
    await edit(id, 'Put Right')
    const first = await publish(id, correction('The minister said 12, not 20.'))
    app.clock.pass(HOUR)
    const second = await publish(id, correction('Her name is Ayşe.'))
    const after = await read(id)
    expect(after).toMatchObject({ headline: 'Put Right', publishedAt: before.publishedAt, updatedAt: second.liveFrom })
    expect(after.corrections).toEqual([
      { kind: 'correction', text: 'The minister said 12, not 20.', publishedAt: first.liveFrom },
      { kind: 'correction', text: 'Her name is Ayşe.', publishedAt: second.liveFrom },
    ])
    const { data } = (await app.nobody.get('/v1/articles').expect(200)).body
    expect(data.find((each: { id: string }) => each.id === id).corrections).toEqual(after.corrections)
  })

  it('stays with the article through minor changes, updates and a withdrawal', async () => {
    const { id } = await published(desk)
    await publish(id, correction('It was Tuesday.'))
    const { corrections } = await read(id)
    await edit(id, 'Minor')
    await publish(id, { kind: 'minor' })
    await edit(id, 'Update')
    await publish(id)
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    app.clock.pass(HOUR)
    await publish(id)
    expect((await read(id)).corrections).toEqual(corrections)
  })

  it('that is scheduled is told at its instant and not before', async () => {
    const { id } = await published(desk)
    const before = await read(id)
    const liveFrom = inMs(HOUR)
    await publish(id, { ...correction('It was Tuesday.'), liveFrom })
    expect(await read(id)).toEqual(before)
    app.clock.pass(HOUR)
    expect(await read(id)).toMatchObject({
      updatedAt: liveFrom,
      corrections: [{ text: 'It was Tuesday.', publishedAt: liveFrom }],
    })
  })

  it('that was scheduled and taken back is never told', async () => {
    const { id } = await published(desk)
    const before = await read(id)
    await publish(id, { ...correction('Canary'), liveFrom: inMs(HOUR) })
    await desk.change(`${articleAt(id)}/unschedule`, '*').expect(200)
    app.clock.pass(2 * HOUR)
    expect(await read(id)).toEqual(before)
    await publish(id)
    expect((await read(id)).corrections).toEqual([])
  })

  it('that was scheduled comes with what takes the place of its edition, at the time of that', async () => {
    for (const kind of [{}, { kind: 'minor' }]) {
      const { id } = await published(desk)
      await publish(id, { ...correction('It was Tuesday.'), liveFrom: inMs(HOUR) })
      const { liveFrom } = await publish(id, kind)
      expect(await read(id)).toMatchObject({
        updatedAt: liveFrom,
        corrections: [{ text: 'It was Tuesday.', publishedAt: liveFrom }],
      })
    }
  })
})

describe('when readers are told that it was updated', () => {
  const updatedAfter = async (id: string, ...publications: object[]) => {
    const { updatedAt } = await read(id)
    let last = { liveFrom: '' }
    for (const each of publications) {
      app.clock.pass(HOUR)
      last = await publish(id, each)
    }
    const after = (await read(id)).updatedAt
    if (after === updatedAt) return 'as before'
    return after === last.liveFrom ? 'with the last' : after
  }

  it('a new text moves it, a minor change and the same text once more do not', async () => {
    const { id } = await published(desk)
    expect(await updatedAfter(id, {})).toBe('as before')
    await edit(id, 'A Comma, Put Right')
    expect(await updatedAfter(id, { kind: 'minor' })).toBe('as before')
    expect(await updatedAfter(id, {})).toBe('as before')
    expect(await updatedAfter(id, { kind: 'update' })).toBe('with the last')
    await edit(id, 'News')
    expect(await updatedAfter(id, {})).toBe('with the last')
    expect(await updatedAfter(id, correction('x'))).toBe('with the last')
  })

  it('an update that was planned is not lost in what takes its place, and a minor change that was planned stays one', async () => {
    const { id } = await published(desk)
    await edit(id, 'News')
    expect(await updatedAfter(id, { liveFrom: inMs(9 * HOUR) }, { kind: 'minor' })).toBe('with the last')
    await edit(id, 'A Comma')
    await publish(id, { kind: 'minor', liveFrom: inMs(HOUR) })
    const { updatedAt } = await read(id)
    await publish(id, { liveFrom: inMs(2 * HOUR) })
    app.clock.pass(3 * HOUR)
    expect(await read(id)).toMatchObject({ headline: 'A Comma', updatedAt })
  })

  it('is its beginning for a piece that comes for the first time, whatever it was said to be', async () => {
    const { id } = await draft(desk)
    const liveFrom = inMs(HOUR)
    await publish(id, { kind: 'minor', liveFrom })
    app.clock.pass(HOUR)
    expect(await read(id)).toMatchObject({ publishedAt: liveFrom, updatedAt: liveFrom })
  })
})
