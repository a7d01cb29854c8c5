import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, linksOf, story } from '../support/builders.ts'
import { dump } from '../support/dump.ts'
import { rounds } from '../support/rounds.ts'

const RAILS = '/v1/editorial/rails'

let app: TestApp
let desk: Desk
let turn = 0
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

interface Operation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  ifMatch?: number | '*'
  ifNoneMatch?: '*'
  body?: object
}

/** What a step does to one of two articles, or to a rail, whose names are the same in both worlds but for `world`. */
const step = fc.record({
  kind: fc.constantFrom(
    'create',
    'edit',
    'publish',
    'withdraw',
    'trash',
    'restore',
    'links',
    'rail',
    'unrail',
    'rename',
  ),
  which: fc.nat(1),
  /** Mostly whichever version stands, because a guess is nearly always refused. */
  ifMatch: fc.oneof({ weight: 5, arbitrary: fc.constant('*' as const) }, fc.nat(3)),
  word: fc.constantFrom('Ferry', 'Bridge', 'Tunnel'),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
/** What nothing speaks against, so that long batches are done too. */
const easy = fc
  .tuple(step, fc.constantFrom('edit' as const, 'publish' as const, 'links' as const))
  .map(([each, kind]): Step => ({ ...each, kind, which: 0, ifMatch: '*' }))
const steps = fc.oneof(
  fc.array(step, { minLength: 1, maxLength: 6 }),
  fc.array(fc.oneof({ weight: 9, arbitrary: easy }, step), { minLength: 1, maxLength: 8 }),
)
const oneStep = (kind: Step['kind']): Step => ({ kind, which: 0, ifMatch: '*', word: 'Ferry' })

function operationOf({ kind, which, ifMatch, word }: Step, world: World) {
  const id = world.ids[which] ?? ''
  const at = articleAt(id)
  const operations: Record<typeof kind, Operation> = {
    create: {
      method: 'PUT',
      path: at,
      ifNoneMatch: '*',
      body: { headline: word, slug: `${word.toLowerCase()}-${world.name}`, bodyText: word },
    },
    edit: { method: 'PATCH', path: at, ifMatch, body: { kicker: word } },
    rename: { method: 'PATCH', path: at, ifMatch, body: { slug: `${word.toLowerCase()}-${world.name}` } },
    publish: { method: 'POST', path: `${at}/publish`, ifMatch },
    withdraw: { method: 'POST', path: `${at}/withdraw`, ifMatch },
    trash: { method: 'DELETE', path: at, ifMatch },
    restore: { method: 'POST', path: `${at}/restore`, ifMatch },
    links: { method: 'PUT', path: linksOf(id), ifMatch, body: { items: [{ headline: word }] } },
    rail: { method: 'POST', path: RAILS, body: { key: `top-${world.name}`, title: word, items: [{ headline: word }] } },
    unrail: { method: 'DELETE', path: `${RAILS}/top-${world.name}`, ifMatch },
  }
  return operations[kind]
}

interface World {
  name: string
  ids: [string, string]
}
const worldOf = (n: number): World => ({
  name: `w${n}w`,
  ids: [0, 1].map((i) => `019b0f61-2c44-7d10-8a55-${String(n * 2 + i).padStart(12, '0')}`) as [string, string],
})

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: unknown
}

/** Names, times and ids that are made anew are not compared. */
function plain(value: unknown, { name, ids }: World): string {
  const text = JSON.stringify(value)
    .replaceAll(ids[0], 'first')
    .replaceAll(ids[1], 'second')
    .replaceAll(name, 'world')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant')
  return text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
}

async function alone({ method, path, ifMatch, ifNoneMatch, body }: Operation): Promise<Answer> {
  const verb = method.toLowerCase() as 'post' | 'put' | 'patch' | 'delete'
  const test =
    verb === 'delete'
      ? desk.delete(path, ifMatch)
      : verb === 'post'
        ? desk.post(path, body)
        : desk[verb](path, body ?? {}, ifMatch)
  if (verb === 'post' && ifMatch !== undefined) test.set('if-match', ifMatch === '*' ? '*' : `"${ifMatch}"`)
  if (ifNoneMatch) test.set('if-none-match', ifNoneMatch)
  const { status, headers, text } = await test
  const { etag, location } = headers
  return {
    status,
    headers: { ...(etag && { etag }), ...(location && { location }) },
    body: text === '' ? undefined : JSON.parse(text),
  }
}

/** All that is told of a world, at the desk and outside. */
async function standing(world: World): Promise<string> {
  const told: unknown[] = []
  for (const id of world.ids) {
    for (const path of [articleAt(id), linksOf(id)]) told.push((await desk.get(path)).body)
    told.push((await app.nobody.get(`/v1/articles/${id}`)).status)
  }
  const { body } = await desk.get(`${RAILS}/top-${world.name}`)
  return plain([...told, body], world).replaceAll(/"instance":"[^"]*"/g, '')
}

it('a batch has the effect and the answers of its writes one by one, or no effect where one of them is refused', async () => {
  const seen = { done: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const [single, batched] = [worldOf(turn++), worldOf(turn++)]
      // Most of the time there is something to work on.
      for (const { name, ids } of [single, batched]) {
        const body = story({ headline: 'Base', slug: `base-${name}` })
        await desk.put(articleAt(ids[0]), body).set('if-none-match', '*').expect(201)
      }
      const before = await dump(app.db)
      const { status, body } = await desk.post('/v1/editorial/batch', {
        operations: steps.map((each) => operationOf(each, batched)),
      })
      const after = await dump(app.db)
      const answers: Answer[] = []
      for (const each of steps) {
        const answer = await alone(operationOf(each, single))
        answers.push(answer)
        if (answer.status >= 400) break
      }
      const last = answers.at(-1)
      if (last && last.status >= 400) {
        seen.refused++
        expect(after).toEqual(before)
        expect(status).toBe(last.status)
        const { code } = last.body as { code: string }
        expect(body).toMatchObject({ code })
        for (const { pointer } of body.errors) expect(pointer).toContain(`#/operations/${answers.length - 1}`)
        return
      }
      seen.done++
      expect(status).toBe(200)
      expect(plain(body.results, batched)).toBe(plain(answers, single))
      expect(await standing(batched)).toBe(await standing(single))
    }),
    {
      numRuns: 15 * rounds,
      examples: [
        [[oneStep('edit'), oneStep('publish'), oneStep('rename'), oneStep('publish')]],
        [[oneStep('publish'), oneStep('restore')]],
      ],
    },
  )
  // Both happened, or nothing was tested.
  expect(Math.min(seen.done, seen.refused)).toBeGreaterThan(0)
})
