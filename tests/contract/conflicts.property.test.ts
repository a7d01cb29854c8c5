import fc from 'fast-check'
import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

let app: TestApp
let day: Desk
let night: Desk
beforeAll(async () => {
  app = await startApp()
  day = await app.withRole('editor', 'Day desk')
  night = await app.withRole('editor', 'Night desk')
})

type Fields = Record<string, unknown>
interface Kind {
  /** The fields that are written, each of some values. */
  patch: fc.Arbitrary<Fields>
  make: () => Promise<string>
  read: (at: string) => Promise<{ version: number; fields: Fields; updatedAt: string }>
  write: (who: Desk, at: string, patch: Fields, version: number) => PromiseLike<Response>
}

const word = fc.constantFrom(null, 'one', 'two')
/** What a 412 calls the fields that differ; a link that comes back is another one. */
const differing = (before: Fields, after: Fields) =>
  Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Fields>
const items = fc
  .subarray(['A', 'B', 'C'], { minLength: 1 })
  .chain((names) => fc.shuffledSubarray(names, { minLength: names.length }))
  .map((names) => names.map((headline) => ({ headline })))
const railFields = ['title', 'description', 'language']
const only = (names: string[], of: Fields): Fields => Object.fromEntries(names.map((name) => [name, of[name]]))
const rails: string[] = []

const kinds: Record<string, Kind> = {
  'an article': {
    patch: some({
      kicker: word,
      standfirst: word,
      notes: word,
      headline: fc.constantFrom('One', 'Two'),
      tags: fc.constantFrom([], [{ name: 'A' }], [{ name: 'B' }, { name: 'A' }]),
      bodyText: fc.constantFrom('One.', 'Two.'),
    }),
    make: async () => (await draft(day, { headline: 'One', bodyText: 'One.' })).id,
    read: async (id) => {
      const { version, updatedAt, ...rest } = (await day.get(articleAt(id)).expect(200)).body
      return { version, updatedAt, fields: only(['headline', 'kicker', 'standfirst', 'tags', 'notes', 'body'], rest) }
    },
    write: (who, id, patch, version) => who.patch(articleAt(id), patch, version),
  },
  'the links of an article': {
    patch: some({ items }),
    make: async () => (await draft(day)).id,
    read: async (id) => {
      const { body } = await day.get(linksOf(id)).expect(200)
      return { version: body.version, updatedAt: body.updatedAt, fields: { items: body.items } }
    },
    write: (who, id, { items = [] }, version) => who.put(linksOf(id), { items }, version),
  },
  'a rail': {
    patch: some({ title: fc.constantFrom('One', 'Two'), description: word, language: fc.constantFrom(null, 'en') }),
    make: async () => {
      const key = `rail-${rails.length}`
      rails.push(key)
      await day.post('/v1/editorial/rails', { key, title: 'One' }).expect(201)
      return key
    },
    read: async (key) => {
      const { body } = await day.get(`/v1/editorial/rails/${key}`).expect(200)
      return { version: body.version, updatedAt: body.updatedAt, fields: only(railFields, body) }
    },
    write: (who, key, patch, version) => who.patch(`/v1/editorial/rails/${key}`, patch, version),
  },
}

describe.each(Object.entries(kinds))('two who write %s', (_name, { patch, make, read, write }) => {
  it(
    'at once, or one from what is out of date: one wins, and the other is told whose it is and what has changed',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ one: patch, other: patch, stale: fc.nat() }), { minLength: 1, maxLength: 4 }),
          async (turns) => {
            const at = await make()
            const history = [await read(at)]
            for (const { one, other, stale } of turns) {
              const before = history.at(-1) ?? (await read(at))
              const [first, second] = await Promise.all([
                write(day, at, one, before.version),
                write(night, at, other, before.version),
              ])
              expect([first.status, second.status].sort()).toEqual([200, 412])
              const lost = first.status === 412 ? first : second
              const winner = first.status === 412 ? 'Night desk' : 'Day desk'
              const now = await read(at)
              history.push(now)
              expect(now.version).toBe(before.version + 1)
              const told = {
                currentVersion: now.version,
                updatedAt: now.updatedAt,
                updatedBy: { name: winner, id: expect.any(String) },
              }
              expect(lost.body).toMatchObject(told)
              expect(lost.body.changed.toSorted()).toEqual(differing(before.fields, now.fields).toSorted())
              expect(lost.headers.etag).toBe(`"${now.version}"`)
              const base = history[stale % (history.length - 1)] ?? now
              const late = await write(night, at, other, base.version)
              expect(late.status).toBe(412)
              expect(late.body).toMatchObject(told)
              expect(late.body.changed.toSorted()).toEqual(differing(base.fields, now.fields).toSorted())
              expect(await read(at)).toEqual(now)
            }
          },
        ),
        { numRuns: 3 * rounds, endOnFailure: true },
      )
    },
    60_000 * rounds,
  )
})

describe('who comes too late', () => {
  it('is told that the state has changed, with the fields or alone', async () => {
    const { id } = await draft(day)
    await night.change(`${articleAt(id)}/publish`, 1).expect(200)
    const publication = await day.patch(articleAt(id), { kicker: 'Late' }, 1).expect(412)
    expect(publication.body.changed).toEqual(['state'])
    await night.patch(articleAt(id), { kicker: 'Night' }, 2).expect(200)
    expect((await day.patch(articleAt(id), {}, 1).expect(412)).body.changed).toEqual(['kicker', 'state'])
    expect((await day.patch(articleAt(id), {}, 2).expect(412)).body.changed).toEqual(['kicker'])
  })

  it('is not told of changes where what was sent is no version that there was', async () => {
    const { id } = await draft(day)
    for (const version of ['"7"', '"0"', '"abc"', '"9", "12"']) {
      const { body } = await day.patch(articleAt(id), {}, version).expect(412)
      expect(body).toMatchObject({ currentVersion: 1, updatedBy: { name: 'Day desk' } })
      expect(body).not.toHaveProperty('changed')
    }
  })

  it('to a list that nobody has written is told so, as reading it says', async () => {
    const { id } = await draft(day)
    const list = (await day.get(linksOf(id)).expect(200)).body
    const { body, headers } = await day.put(linksOf(id), { items: [] }, 3).expect(412)
    expect(headers.etag).toBe('"0"')
    expect(body).toMatchObject({ currentVersion: 0, updatedAt: list.updatedAt, updatedBy: list.updatedBy })
    expect(list.updatedBy).toBeNull()
    expect(body.detail).toBe('It is at version 0 now: nobody has written it yet. Read it again, then try again.')
  })

  it('to one link is told of the list that it stands in', async () => {
    const { id } = await draft(day)
    const { items } = await links(night, id, [{ headline: 'One' }, { headline: 'Two' }], 0)
    const link = linkAt(items[0]?.id ?? '')
    await night.patch(link, { label: 'new' }, 1).expect(200)
    for (const late of [day.patch(link, { label: 'late' }, 1), day.delete(link, 1)]) {
      const { body } = await late.expect(412)
      expect(body).toMatchObject({ currentVersion: 2, updatedBy: { name: 'Night desk' }, changed: ['items'] })
    }
  })
})

describe('a write that says nothing new', () => {
  it('is a version, but what is live has no changes by it and can be published again as it was', async () => {
    const live = await published(day, { changeNote: 'First', kicker: 'Ferries' })
    const { version: _v, updatedAt: _u, ...same } = live
    const again = (await night.patch(articleAt(live.id), { kicker: 'Ferries', changeNote: 'Looked at' }, 2)).body
    expect(again).toMatchObject({ version: 3, state: 'live', updatedBy: { name: 'Night desk' } })
    expect(again).toMatchObject({ ...same, updatedBy: again.updatedBy })
    await day.patch(articleAt(live.id), {}, 2).expect(412)
    const before = (await app.nobody.get(`/v1/articles/${live.id}`)).body
    await day.change(`${articleAt(live.id)}/publish`, 3).expect(200)
    expect((await app.nobody.get(`/v1/articles/${live.id}`)).body).toEqual({ ...before, edition: 2 })
    const changed = (await day.patch(articleAt(live.id), { kicker: 'Islands' }, 4).expect(200)).body
    expect(changed.state).toBe('liveWithChanges')
    expect((await day.patch(articleAt(live.id), {}, 5).expect(200)).body.state).toBe('liveWithChanges')
  })
})
