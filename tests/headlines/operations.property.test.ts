import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, RAILS, railAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

// Random operations, several writers at once, against a plain array.

let app: TestApp
let desks: Desk[]
beforeAll(async () => {
  app = await startApp()
  desks = await Promise.all(['Ann', 'Ben'].map((name) => app.withRole('editor', name)))
})

/** An item as the model has it; its id is known once it was answered. */
interface Item {
  id: string
  name: string
  pin: number | null
  label: string | null
}

// Numbers are taken modulo what there is then.
const n = fc.nat(1_000)
const anchor = fc.record({ by: fc.constantFrom('before', 'after', 'first', 'last', 'position'), n })
type AnchorStep = typeof anchor extends fc.Arbitrary<infer T> ? T : never
const operation = fc.oneof(
  fc.record({ op: fc.constant('insert' as const), anchor: fc.option(anchor) }),
  fc.record({ op: fc.constant('move' as const), n, anchor }),
  fc.record({ op: fc.constant('again' as const), n, anchor }),
  fc.record({ op: fc.constant('remove' as const), n }),
  fc.record({ op: fc.constant('update' as const), n }),
  fc.record({ op: fc.constant('pin' as const), n, at: fc.option(fc.nat(8)) }),
  fc.record({ op: fc.constant('unpin' as const), n }),
  fc.record({ op: fc.constant('replaceAll' as const), kept: fc.array(n, { maxLength: 5 }), fresh: fc.nat(2) }),
)
type Step = typeof operation extends fc.Arbitrary<infer T> ? T : never
const write = fc.array(operation, { minLength: 1, maxLength: 6 })

let made = 0
const targetOf = (name: string) => ({ kind: 'url', url: `https://news.example/${name}` })
const fieldsOf = ({ name, pin, label }: Item) => ({ headline: name, pin, label, target: targetOf(name) })
/** The address of the same story, written in another way. */
const again = (name: string) => ({ kind: 'url', url: `HTTPS://NEWS.example:443/${name}` })

const newItem = (): Item => ({ id: '', name: `n${++made}`, pin: null, label: null })

/** What is sent of an anchor, and where that is among the others. `beside` is the one that it names, if any. */
function placed({ by, n }: AnchorStep, others: Item[]) {
  const known = others.filter(({ id }) => id !== '')
  const beside = known[n % Math.max(1, known.length)]
  if ((by === 'before' || by === 'after') && beside) {
    return { sent: { [by]: beside.id }, at: others.indexOf(beside) + (by === 'after' ? 1 : 0) }
  }
  if (by === 'position') return { sent: { position: n % (others.length + 1) }, at: n % (others.length + 1) }
  return by === 'first' ? { sent: { place: 'first' }, at: 0 } : { sent: { place: 'last' }, at: others.length }
}

/** One operation as it is sent, and the array after it; undefined where there is nothing to do it to. */
function make(step: Step, items: Item[]): { sent: object; after: Item[] } | undefined {
  const known = items.filter(({ id }) => id !== '')
  const chosen = 'n' in step ? known[step.n % Math.max(1, known.length)] : undefined
  const without = items.filter((each) => each !== chosen)
  if (step.op === 'insert') {
    const item = newItem()
    const { sent, at } = step.anchor ? placed(step.anchor, items) : { sent: {}, at: items.length }
    return { sent: { op: 'insert', item: fieldsOf(item), ...sent }, after: items.toSpliced(at, 0, item) }
  }
  if (step.op === 'replaceAll') {
    const kept = [...new Set(step.kept.flatMap((each) => known[each % Math.max(1, known.length)] ?? []))]
    const fresh = Array.from({ length: step.fresh }, newItem)
    // One by its id alone, another by what it points at.
    const sent = kept.map((item, at) => (at % 2 === 0 ? { id: item.id } : fieldsOf(item)))
    return { sent: { op: 'replaceAll', items: [...fresh.map(fieldsOf), ...sent] }, after: [...fresh, ...kept] }
  }
  if (chosen === undefined) return undefined
  const { id } = chosen
  const changed = (fields: Partial<Item>) => items.map((each) => (each === chosen ? { ...each, ...fields } : each))
  switch (step.op) {
    case 'move': {
      const { sent, at } = placed(step.anchor, without)
      return { sent: { op: 'move', id, ...sent }, after: without.toSpliced(at, 0, chosen) }
    }
    case 'again': {
      // Under onDuplicate=move: the item that is there takes its new place and what was sent.
      const { sent, at } = placed(step.anchor, without)
      const label = `again ${++made}`
      const item = { headline: chosen.name, label, target: again(chosen.name) }
      return { sent: { op: 'insert', item, ...sent }, after: without.toSpliced(at, 0, { ...chosen, label }) }
    }
    case 'remove':
      return { sent: { op: 'remove', id }, after: without }
    case 'update': {
      const label = `label ${++made}`
      return { sent: { op: 'update', id, changes: { label } }, after: changed({ label }) }
    }
    case 'pin': {
      const at = step.at ?? items.indexOf(chosen)
      return { sent: { op: 'pin', id, ...(step.at !== null && { at }) }, after: changed({ pin: at }) }
    }
    case 'unpin':
      return { sent: { op: 'unpin', id }, after: changed({ pin: null }) }
  }
}

function makeAll(steps: Step[], items: Item[]) {
  return steps.reduce<{ sent: object[]; after: Item[] }>(
    ({ sent, after }, step) => {
      const next = make(step, after)
      return next ? { sent: [...sent, next.sent], after: next.after } : { sent, after }
    },
    { sent: [], after: items },
  )
}

/** What readers get: whoever is pinned stands where it is pinned, or as near as there is room, and the rest around. */
function inPlaces(items: Item[]): string[] {
  const slots = items.map((): string | undefined => undefined)
  const pinned = items.filter(({ pin }) => pin !== null).sort((a, b) => (a.pin ?? 0) - (b.pin ?? 0))
  const wanted = pinned.map(({ pin }) => Math.min(pin ?? 0, items.length - 1))
  // The first place from there on that nobody before has taken, and room for all that follow.
  let next = 0
  for (const [at, { name }] of pinned.entries()) {
    const last = items.length - (pinned.length - at)
    const place = Math.min(Math.max(wanted[at] ?? 0, next), last)
    slots[place] = name
    next = place + 1
  }
  const others = items.filter(({ pin }) => pin === null).map(({ name }) => name)
  return slots.map((name) => name ?? others.shift() ?? '')
}

let rails = 0
it(
  'after any operations of writers who do not wait for each other, the rail is what a plain array would be',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(write, write), { minLength: 1, maxLength: 5 }), async (turns) => {
        const key = `rail-${++rails}`
        const [first] = desks
        await first?.post(RAILS, { key, title: 'Top' }).expect(201)
        let model: Item[] = []
        let version = 1
        for (const turn of turns) {
          const plans = turn.map((steps) => makeAll(steps, model)).filter(({ sent }) => sent.length > 0)
          const answers = await Promise.all(
            plans.map(({ sent }, who) =>
              desks[who]?.change(`${railAt(key)}/operations?onDuplicate=move`, version, { operations: sent }),
            ),
          )
          // Of two writers on one version exactly one is told that it was too late.
          const won = answers.findIndex((answer) => answer?.status === 200)
          expect(answers.map((answer) => answer?.status).toSorted()).toEqual([200, 412].slice(0, plans.length))
          const plan = plans[won]
          if (plan === undefined) continue
          const rail = answers[won]?.body as EditorialRail
          version++
          expect(rail.version).toBe(version)
          expect(rail.items.map(({ position }) => position)).toEqual(rail.items.map((_, position) => position))
          expect(rail.items.map(({ headline, pin, label }) => [headline, pin, label])).toEqual(
            plan.after.map(({ name, pin, label }) => [name, pin, label]),
          )
          // Who has had an id has it still, and nobody has another's.
          for (const [at, { id }] of plan.after.entries()) if (id !== '') expect(rail.items[at]?.id).toBe(id)
          expect(new Set(rail.items.map(({ id }) => id)).size).toBe(rail.items.length)
          model = plan.after.map((item, at) => ({ ...item, id: rail.items[at]?.id ?? '' }))
          const { body } = await app.nobody.get(`/v1/rails/${key}`).expect(200)
          const shown: { headline: string; position: number; pinned: boolean }[] = body.items
          expect(shown.map(({ headline }) => headline)).toEqual(inPlaces(model))
          expect(shown.map(({ position }) => position)).toEqual(shown.map((_, position) => position))
          expect(shown.filter(({ pinned }) => pinned)).toHaveLength(model.filter(({ pin }) => pin !== null).length)
        }
      }),
      { numRuns: 12 * rounds },
    )
  },
  60_000 * rounds,
)

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
