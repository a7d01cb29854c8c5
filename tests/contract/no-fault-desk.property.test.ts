import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { draft, FRONTS, links, published, RAILS, release } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'
import { exchange } from '../support/wire.ts'

interface Operation {
  method: string
  path: string
  query: string[]
  /** An example of what it takes. */
  body: unknown
}

let app: TestApp
let key: string
/** Names of what there is, to stand in addresses. */
let named: Record<string, string[]>
const operations: Operation[] = []

beforeAll(async () => {
  app = await startApp()
  const desk = await app.withRole('admin')
  key = desk.key ?? ''
  const target = await published(desk, { section: { name: 'World' }, tags: [{ name: 'Tag' }] })
  const ids: string[] = []
  const keys: string[] = []
  // Enough of each that what is sent does not soon have taken them all away.
  for (let count = 0; count < 8; count++) {
    const { id } = await draft(desk)
    const { items } = await links(desk, id, [{ headline: 'One' }, { target: { kind: 'article', id: target.id } }], 0)
    const { key } = (await desk.post(RAILS, { key: `top-${count}`, title: 'Top', items: [{ headline: 'One' }] })).body
    await desk.post(FRONTS, { key, title: 'Page', rails: [{ key }] }).expect(201)
    ids.push(id, (await release(desk, [{ kind: 'article', id }])).id, items[0]?.id ?? '', (await published(desk)).id)
    keys.push(key)
  }
  named = { id: ids, key: keys, version: ['1', '2'], a: ['1'], b: ['1'], kind: ['article', 'rail'], subject: ids }
  for (const [path, item] of Object.entries((app.documents.editorial as { paths: object }).paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Described>)) {
      const content = Object.values(operation.requestBody?.content ?? {})[0]
      const query = (operation.parameters ?? []).flatMap((each) => (each.in === 'query' ? [each.name] : []))
      const example = JSON.stringify(content?.example ?? null).replaceAll(EXAMPLE_ID, target.id)
      operations.push({ method: method.toUpperCase(), path, query, body: JSON.parse(example) ?? undefined })
    }
  }
})

/** The article of the examples. */
const EXAMPLE_ID = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'

interface Described {
  parameters?: { in: string; name: string }[]
  requestBody?: { content: Record<string, { example?: unknown }> }
}

const text = fc.constantFrom(
  ...['', ' ', '0', '-1', '1e400', 'true', 'null', '2026-02-30', '2026-11-22T18:00:00', '9998-12-31T23:59:59-23:59'],
  ...[
    '2099-01-01T00:00:00Z',
    '\u0001',
    '\u2028',
    '👨‍👩‍👧',
    'a'.repeat(500),
    'a/b~c',
    '__proto__',
    '{slug}',
    'top',
    '*',
    '"3"',
  ],
)
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1, 1.5, 2 ** 31, 2 ** 53, 1e308, [], {}, [[]], [null], [{}], { id: 1 }),
  text,
  fc.anything({ withNullPrototype: false, withBigInt: false, withDate: false, maxDepth: 2, maxKeys: 3 }),
)

/** The same with one thing in it replaced, taken away or added, somewhere. */
function spoilt(body: unknown, way: number[], wrong: unknown): unknown {
  const [step = 0, ...rest] = way
  if (typeof body !== 'object' || body === null || step % 5 === 0) return wrong
  const names = Object.keys(body)
  const name = names[step % (names.length + 1)]
  if (Array.isArray(body)) {
    return name === undefined
      ? [...body, wrong]
      : body.map((each, at) => (String(at) === name ? spoilt(each, rest, wrong) : each))
  }
  if (name === undefined) return { ...body, [typeof wrong === 'string' ? wrong : 'other']: wrong }
  const { [name]: before, ...others } = body as Record<string, unknown>
  return step % 7 === 0 ? others : { ...others, [name]: spoilt(before, rest, wrong) }
}

/** Mostly what is right, so that what stands behind it is reached. */
const rarely = <T>(odd: fc.Arbitrary<T>, sound: T) =>
  fc.oneof({ weight: 1, arbitrary: odd }, { weight: 4, arbitrary: fc.constant(sound) })

const onWire = (from: string) => from.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '').trim()

it(
  'nothing that is sent to the desk makes a fault, and what is refused is named',
  async () => {
    const requests = fc.record({
      at: fc.nat(),
      way: fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }),
      wrong: value,
      isSound: fc.boolean(),
      isKnown: rarely(fc.constant(false), true),
      pick: fc.nat(100),
      odd: text,
      query: rarely(
        fc.array(fc.tuple(fc.nat(12), fc.oneof(text, fc.string({ unit: anyCharacter, maxLength: 20 }))), {
          maxLength: 2,
        }),
        [],
      ),
      ifMatch: rarely(fc.constantFrom('"1"', '"1", W/"2"', '"', '', '"99999999999"', undefined), '*'),
      once: rarely(fc.oneof<fc.Arbitrary<string | undefined>[]>(text, fc.constantFrom('one', 'two')), undefined),
      isDry: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(requests, async (sent) => {
        const { method, path, query, body } = operations[sent.at % operations.length] as Operation
        const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
          const among = sent.isKnown ? (named[name] ?? ['x']) : [sent.odd]
          return encodeURIComponent(among[sent.pick % among.length] ?? 'x')
        })
        const pairs = sent.query.map(([n, word]) => [query[n % (query.length + 1)] ?? 'other', word])
        if (sent.isDry && method !== 'GET') pairs.push(['dryRun', 'true'])
        const search = pairs
          .map(([name, word]) => `${name}=${encodeURIComponent(String(word).toWellFormed())}`)
          .join('&')
        const given = body === undefined ? undefined : sent.isSound ? body : spoilt(body, sent.way, sent.wrong)
        const json = method === 'GET' || given === undefined ? '' : (JSON.stringify(given) ?? '')
        const fields = [
          ...(sent.ifMatch === undefined ? [] : [`If-Match: ${sent.ifMatch}`]),
          ...(sent.once === undefined ? [] : [`Idempotency-Key: ${onWire(sent.once)}`]),
          ...(json === '' ? [] : ['Content-Type: application/json']),
        ]
        const target = `${address}${search && `?${search}`}`
        const head = [`${method} ${target} HTTP/1.1`, 'Host: a', 'Connection: close', `Authorization: Bearer ${key}`]
        const length = `Content-Length: ${Buffer.byteLength(json)}`
        const answer = await exchange(app.port, [...head, ...fields, length, '', json].join('\r\n'))
        const told = `${target}\n${json}\n${fields.join('\n')}\n${answer.status} ${answer.body.slice(0, 500)}`
        expect(answer.status, told).toBeGreaterThanOrEqual(200)
        expect(answer.status, told).toBeLessThan(500)
        if (answer.status < 400) return
        expect(answer.headers['content-type'], told).toBe('application/problem+json')
        const problem = JSON.parse(answer.body)
        expect(problem.status).toBe(answer.status)
        if (answer.status === 422 && problem.code === 'validation-failed') {
          expect(problem.errors?.length, told).toBeGreaterThan(0)
          for (const { pointer, detail } of problem.errors) {
            expect(pointer, told).toMatch(/^#/)
            // As in: Did you mean "op"?
            expect(detail, told).toMatch(/[.?]$/)
          }
        }
        if (problem.code === 'invalid-parameter') expect(problem.errors?.length, told).toBeGreaterThan(0)
      }),
      { numRuns: 600 * rounds },
    )
  },
  30_000 * rounds,
)
