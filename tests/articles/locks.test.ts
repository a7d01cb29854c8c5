import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let other: Desk
let contributor: Desk
const idOf = async (who: Desk): Promise<string> => (await who.get('/v1/me')).body.id
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
  other = await app.withRole('editor', 'Night desk')
  contributor = await app.withRole('contributor', 'Trainee')
})

const lockAt = (id: string) => `${articleAt(id)}/lock`
const msOf = (instant: string) => Date.parse(instant)

describe('a lock on an article', () => {
  it('says to others who is at work on it and until when, in the article, in the list and by itself', async () => {
    const { id } = await draft(desk)
    const nobody = { articleId: id, lockedBy: null, broken: null }
    expect((await desk.get(lockAt(id)).expect(200)).body).toEqual(nobody)
    const { lockedBy } = (await desk.put(lockAt(id), { expiresInS: 60 }).expect(200)).body
    expect(lockedBy).toMatchObject({ id: await idOf(desk), name: 'News desk' })
    expect(msOf(lockedBy.until) - msOf(lockedBy.since)).toBe(60_000)
    expect((await other.get(lockAt(id)).expect(200)).body).toEqual({ articleId: id, lockedBy, broken: null })
    expect((await other.get(articleAt(id)).expect(200)).body.lockedBy).toEqual(lockedBy)
    const listed = (await other.get('/v1/editorial/articles?limit=1').expect(200)).body.data[0]
    expect(listed).toMatchObject({ id, lockedBy })
  })

  it('ends by itself, or when its holder says so; then another takes it without a reason', async () => {
    const { id } = await draft(desk)
    const { lockedBy } = (await desk.put(lockAt(id), {}).expect(200)).body
    expect(msOf(lockedBy.until) - msOf(lockedBy.since)).toBe(300_000)
    app.clock.pass(300_000)
    expect((await other.get(articleAt(id)).expect(200)).body.lockedBy).toBeNull()
    expect((await other.put(lockAt(id), {}).expect(200)).body).toMatchObject({
      lockedBy: { name: 'Night desk' },
      broken: null,
    })
    expect((await other.delete(lockAt(id)).expect(200)).body).toEqual({ articleId: id, lockedBy: null, broken: null })
    expect((await other.delete(lockAt(id)).expect(200)).body.lockedBy).toBeNull()
    expect((await desk.put(lockAt(id), {}).expect(200)).body.lockedBy.name).toBe('News desk')
  })

  it('is renewed by its holder, who has had it since the beginning', async () => {
    const { id } = await draft(desk)
    const first = (await desk.put(lockAt(id), {}).expect(200)).body.lockedBy
    app.clock.pass(200_000)
    const again = (await desk.put(lockAt(id), {}).expect(200)).body.lockedBy
    expect(again.since).toBe(first.since)
    expect(msOf(again.until)).toBeGreaterThan(msOf(first.until))
  })

  it('is refused to a second, who is told who has it; with a reason an editor breaks it, and the first is told', async () => {
    const { id } = await draft(desk)
    const { lockedBy } = (await desk.put(lockAt(id), {}).expect(200)).body
    for (const refused of [await other.put(lockAt(id), {}), await other.delete(lockAt(id))]) {
      expect(refused.status).toBe(409)
      expect(refused.body).toMatchObject({ code: 'locked', lockedBy })
    }
    const taken = (await other.put(lockAt(id), { breakReason: 'The desk went home' }).expect(200)).body
    expect(taken.lockedBy.name).toBe('Night desk')
    const broken = { reason: 'The desk went home', from: { name: 'News desk' }, by: { name: 'Night desk' } }
    expect((await desk.get(lockAt(id)).expect(200)).body).toMatchObject({ broken })
    expect((await desk.delete(`${lockAt(id)}?reason=Mine`).expect(200)).body).toMatchObject({
      lockedBy: null,
      broken: { reason: 'Mine', from: { name: 'Night desk' } },
    })
  })

  it('never keeps anybody from writing, and is no version', async () => {
    const { id, version } = await draft(desk)
    await desk.put(lockAt(id), {}).expect(200)
    const written = (await other.patch(articleAt(id), { kicker: 'Late' }, version).expect(200)).body
    expect(written).toMatchObject({ version: version + 1, lockedBy: { name: 'News desk' } })
    await other.change(`${articleAt(id)}/publish`, version + 1).expect(200)
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).text).not.toMatch(/lock|News desk/)
  })

  it('is for contributors on their own drafts, and not theirs to break', async () => {
    const own = await draft(contributor)
    const another = await draft(desk)
    await contributor.put(lockAt(own.id), {}).expect(200)
    await contributor.delete(lockAt(own.id)).expect(200)
    await desk.put(lockAt(own.id), {}).expect(200)
    expect((await contributor.put(lockAt(own.id), {}).expect(409)).body.lockedBy.name).toBe('News desk')
    const refused = await contributor.put(lockAt(own.id), { breakReason: 'Mine' }).expect(403)
    expect(refused.body.scope).toBe('articles:write')
    await contributor.delete(`${lockAt(own.id)}?reason=Mine`).expect(403)
    const nowhere = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
    const calls = [
      (id: string) => contributor.get(lockAt(id)),
      (id: string) => contributor.put(lockAt(id), {}),
      (id: string) => contributor.delete(lockAt(id)),
    ]
    for (const call of calls) {
      const answers: [number, string][] = []
      for (const id of [another.id, nowhere]) {
        const { status, text } = await call(id).set('x-request-id', 'same')
        answers.push([status, text])
      }
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]?.[0]).toBe(404)
    }
  })

  it.each([{ expiresInS: 29 }, { expiresInS: 3601 }, { expiresInS: '60' }, { forS: 60 }, { breakReason: '' }])(
    'is refused as %j',
    async (body) => {
      const { id } = await draft(desk)
      await desk.put(lockAt(id), body).expect(422)
      expect((await desk.get(lockAt(id))).body.lockedBy).toBeNull()
    },
  )

  it('is not set by a dry run, nor on what is in the trash', async () => {
    const { id } = await draft(desk)
    expect((await desk.put(`${lockAt(id)}?dryRun=true`, {}).expect(200)).body.lockedBy.name).toBe('News desk')
    expect((await desk.get(lockAt(id))).body.lockedBy).toBeNull()
    await desk.delete(articleAt(id), 1).expect(200)
    expect((await desk.put(lockAt(id), {}).expect(409)).body.code).toBe('invalid-transition')
  })

  it('is one desk’s, of many that ask at once', async () => {
    const { id } = await draft(desk)
    const answers = await Promise.all([desk, other, desk, other].map((who) => who.put(lockAt(id), {})))
    const winners = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.lockedBy.name))
    expect(winners.size).toBe(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2)
  })
})
