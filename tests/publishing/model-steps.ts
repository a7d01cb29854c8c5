import fc from 'fast-check'
import type { Options, Words } from './model.ts'

// What is done at random, and what was found once and is done each time.

const MINUTE = 60_000
export const HOUR = 60 * MINUTE

// Minutes around the times at which something is planned, now and then to the millisecond; and back.
const time = fc.oneof(
  fc.constantFrom(0, 0, 1, -1, 30 * MINUTE),
  fc.integer({ min: 0, max: 6 }).map((n) => n * 10 * MINUTE),
  fc.integer({ min: -9, max: -1 }).map((n) => n * 10 * MINUTE),
)
const later = fc.integer({ min: -1, max: 9 }).map((n) => n * 10 * MINUTE)
const options = fc.record(
  {
    liveFrom: later,
    liveUntil: later,
    embargo: fc.boolean(),
    kind: fc.constantFrom('update' as const, 'minor' as const, 'correction' as const),
  },
  { requiredKeys: [] },
)
const words = fc.record(
  {
    headline: fc.constantFrom('One', 'Two', 'Three'),
    slug: fc.constantFrom('a', 'b', 'c'),
    section: fc.constantFrom('home', 'world'),
    tag: fc.constantFrom('rain', 'sun'),
  },
  { requiredKeys: ['headline'] },
)
const plain = ['unschedule', 'withdraw', 'trash', 'restore', 'kill', 'erase', 'tick', 'tick', 'nothing'] as const
export type Act = { publish: Options } | { edit: Partial<Words> } | { do: (typeof plain)[number] }
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: options.map((publish) => ({ publish })) },
  { weight: 3, arbitrary: words.map((edit) => ({ edit })) },
  { weight: 6, arbitrary: fc.constantFrom(...plain).map((name) => ({ do: name })) },
)
export const step = fc.record({
  time,
  piece: fc.nat(2),
  act,
  // What is looked at besides: an instant near now, and one of the rest in turn.
  glance: fc.integer({ min: -24, max: 24 }).map((n) => n * 5 * MINUTE),
  look: fc.nat(),
})
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const doing = (time: number, act: Act, look = 6): Step => ({ time, piece: 0, act, glance: HOUR, look })
const nothing: Act = { do: 'nothing' }
/** Found once, each by a clock that was set back. */
export const found: Step[][] = [
  // What is planned then must not cancel what was live.
  [doing(0, { publish: {} }), doing(-1, { publish: { liveFrom: HOUR } }), doing(10 * MINUTE, nothing, 0)],
  // What was withdrawn must not come back with a plan.
  [
    doing(0, { publish: {} }),
    doing(HOUR, { do: 'withdraw' }),
    doing(-30 * MINUTE, { publish: { liveFrom: 2 * HOUR } }),
    doing(HOUR, { do: 'unschedule' }),
  ],
  // What was planned before something live begins, and is over, leaves it withdrawn in every list of the desk.
  [
    doing(0, { publish: {} }),
    doing(-30 * MINUTE, { publish: { liveFrom: 10 * MINUTE, liveUntil: 20 * MINUTE } }),
    doing(25 * MINUTE, nothing),
  ],
  // An embargo that is over does not begin again.
  [
    doing(0, { publish: { liveFrom: 10 * MINUTE, embargo: true } }),
    doing(30 * MINUTE, { publish: {} }),
    doing(-25 * MINUTE, nothing, 7),
  ],
]
