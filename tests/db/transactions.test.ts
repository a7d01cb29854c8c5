import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../../src/db/database.ts'
import { newId } from '../../src/shared/ids.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { engine } from '../support/database.ts'
import { rounds } from '../support/rounds.ts'

// On PostgreSQL a write that waits more than 3 s for a connection is a 503: fewer, so that a slow machine has no such.
const QUEUED = engine === 'sqlite' ? 3_000 : 600

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})

const names = async (from: Db = app.db.read) => {
  const rows = await from.select({ name: app.db.tables.keys.name }).from(app.db.tables.keys)
  return rows.map(({ name }) => name)
}
const NOON = '2026-11-22T12:00:00.000Z'
const insert = (tx: Db, name: string) => {
  const id = newId()
  const row = { id, name, role: 'reader', scopes: [], hash: id, hint: 'none', createdAt: NOON }
  return tx.insert(app.db.tables.keys).values(row)
}

describe('a write', () => {
  it('inside a write is refused at once, and takes the outer one with it', async () => {
    const nested = app.db.write(async (tx) => {
      await insert(tx, 'outer')
      await app.db.write((inner) => insert(inner, 'inner'))
    })
    await expect(nested).rejects.toThrow('A write was started inside another write')
    expect(await names()).toEqual([])
    await app.db.write((tx) => insert(tx, 'after'))
    expect(await names()).toEqual(['after'])
  })

  it('that fails leaves nothing, wherever it fails, and the next one is not disturbed', async () => {
    const before = await names()
    for (const rows of [0, 1, 5]) {
      const failing = app.db.write(async (tx) => {
        for (let row = 0; row < rows; row++) await insert(tx, 'half')
        throw new Error('after all')
      })
      await expect(failing).rejects.toThrow('after all')
    }
    const violating = app.db.write(async (tx) => {
      await insert(tx, 'half')
      await tx.insert(app.db.tables.slugs).values({ slug: 'nobody', articleId: newId() })
    })
    await expect(violating).rejects.toThrow()
    expect(await names()).toEqual(before)
  })

  it('is not seen by readers before it is done, and by all of them after', async () => {
    const before = await names()
    const seen: string[][] = []
    await app.db.write(async (tx) => {
      await insert(tx, 'unfinished')
      expect(await names(tx)).toContain('unfinished')
      seen.push(await names())
      await sleep(20)
      seen.push(await names())
    })
    expect(seen).toEqual([before, before])
    expect(await names()).toContain('unfinished')
  })

  it('stands alone: of many at once each is done whole or not at all', async () => {
    const write = fc.record({
      rows: fc.integer({ min: 0, max: 4 }),
      fails: fc.boolean(),
      pause: fc.integer({ min: 0, max: 3 }),
      mayShare: fc.boolean(),
    })
    let run = 0
    const property = fc.asyncProperty(fc.array(write, { minLength: 2, maxLength: 12 }), async (writes) => {
      const mark = `run ${run++}`
      const ends = await Promise.allSettled(
        writes.map(({ rows, fails, pause, mayShare }, at) =>
          app.db.write(async (tx) => {
            for (let row = 0; row < rows; row++) {
              await insert(tx, `${mark}: ${at}`)
              if (pause > 0) await sleep(pause)
            }
            if (fails) throw new Error('after all')
          }, mayShare),
        ),
      )
      expect(ends.map(({ status }) => status)).toEqual(writes.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')))
      const found = (await names()).filter((name) => name.startsWith(`${mark}:`))
      for (const [at, { rows, fails }] of writes.entries()) {
        expect(found.filter((name) => name === `${mark}: ${at}`)).toHaveLength(fails ? 0 : rows)
      }
    })
    await fc.assert(property, { numRuns: 20 * rounds })
  })

  it('that shares a commit is told what it would be told alone, and one that is refused takes no other with it', async () => {
    const before = await names()
    const taken = newId()
    const add = (id: string) =>
      app.db.write(async (tx) => {
        await insert(tx, `before ${id}`)
        const row = { id, name: id, role: 'reader', scopes: [], hash: id, hint: 'none', createdAt: NOON }
        await tx.insert(app.db.tables.keys).values(row)
        return id
      }, true)
    const refused = app.db.write(() => Promise.reject(new Error('nothing written')), true)
    const answered = async (write: Promise<string>) => {
      const id = await write
      // Whoever is answered is committed.
      expect(await names()).toContain(id)
      return id
    }
    const [other, another] = [newId(), newId()]
    const all = [add(other), add(taken), refused, add(taken), add(another)]
    const ends = await Promise.allSettled(all.map(answered))
    const told = ends.map((end) => (end.status === 'fulfilled' ? end.value : 'refused'))
    expect(told.toSorted()).toEqual([other, taken, another, 'refused', 'refused'].toSorted())
    expect(ends[2]).toMatchObject({ reason: { message: 'nothing written' } })
    const came = [other, taken, another].flatMap((id) => [id, `before ${id}`])
    expect((await names()).toSorted()).toEqual([...before, ...came].toSorted())
  })

  it(`of ${QUEUED} that wait does not keep requests waiting`, async () => {
    let done = 0
    let longest = 0
    const started = performance.now()
    let last = started
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const first = await names()
    // Only a few of them change something, because each change waits for the disk.
    const work = (at: number) => (tx: Db) => (at % 30 === 0 ? insert(tx, 'one of many') : names(tx))
    const all = Array.from({ length: QUEUED }, (_, at) => app.db.write<unknown>(work(at)).then(() => done++))
    const answer = await fetch(`${app.origin}/health/live`)
    expect(answer.status).toBe(200)
    expect(done).toBeLessThan((QUEUED * 2) / 3)
    await Promise.all(all)
    clearInterval(beat)
    // Were they done in one go, it would be all of that time.
    expect(longest).toBeLessThan(((performance.now() - started) * 2) / 3)
    expect((await names()).length).toBe(first.length + QUEUED / 30)
  })
})
