import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SourceFault } from '../../../src/importing/formats/format.ts'
import { ndjsonLines } from '../../../src/importing/formats/json-lines.ts'
import { pickedValues, strictJson } from '../../../src/importing/formats/json-stream.ts'
import { runs } from '../../support/rounds.ts'
import { sourceFrom } from '../../support/source.ts'

const entries = (path: readonly string[]) => path.length === 1

/** Whole numbers that JavaScript cannot hold stay text. */
const exact = (_: string, value: unknown) =>
  typeof value === 'number' && /^-?\d+$/.test(String(value)) && !Number.isSafeInteger(value) ? String(value) : value

it('whatever JSON there is, in whichever pieces, is read as the engine reads it', async () => {
  const values = fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(values, fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 2), async (list, step, indent) => {
      const text = JSON.stringify(list, null, indent)
      const found = await Array.fromAsync(pickedValues(sourceFrom(text, { step }), entries))
      expect(found.map((each) => 'value' in each && JSON.stringify(each.value))).toEqual(
        (JSON.parse(text, exact) as unknown[]).map((each) => JSON.stringify(each)),
      )
      expect(JSON.stringify(strictJson(text))).toBe(JSON.stringify(JSON.parse(text, exact)))
    }),
    runs(200),
  )
})

it('text that is no JSON is a fault of the source and never anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'[]{}",:0-1e.tfn\\u \n') }), async (text) => {
      const isJson = (() => {
        try {
          return [JSON.parse(text)]
        } catch {
          return undefined
        }
      })()
      const found = await Array.fromAsync(
        pickedValues(sourceFrom(text, { step: 3 }), (path) => path.length === 0),
      ).catch((error: unknown) => error)
      if (isJson) expect(Array.isArray(found) && found.length).toBe(1)
      else if (!Array.isArray(found)) expect(found).toBeInstanceOf(SourceFault)
    }),
    runs(500),
  )
})

it('a value and a fault tell their lines', async () => {
  const found: unknown[] = []
  const reading = (async () => {
    for await (const each of pickedValues(sourceFrom('[\n{"a": 1},\n\n{"b": 2},\n{"c": }\n]'), entries))
      found.push(each)
  })()
  await expect(reading).rejects.toMatchObject({ name: 'SourceFault', line: 5 })
  expect(found).toMatchObject([
    { line: 2, value: { a: 1 } },
    { line: 4, value: { b: 2 } },
  ])
})

it('a record with a member twice, or too deep, is one fault; those after it are read', async () => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`
  const found = await Array.fromAsync(
    pickedValues(sourceFrom(`[{"a":1,"a":2},{"x":${deep},"y":{"z":[1]}},{"b":[{"c":3}]}]`), entries),
  )
  expect(found).toMatchObject([
    { fault: 'It has the member "a" twice.' },
    { fault: 'It is nested more than 64 levels deep.' },
    { value: { b: [{ c: 3 }] } },
  ])
})

it('members that are not asked for are passed over, with all that is in them', async () => {
  const text = '[{"secret":{"keep":["x",{"y":1}]},"keep":{"secret":2},"more":"x"},{"keep":3}]'
  const found = await Array.fromAsync(
    pickedValues(sourceFrom(text), (path) => (path.length === 1 ? new Set(['keep']) : false)),
  )
  expect(found).toMatchObject([{ value: { keep: { secret: 2 } } }, { value: { keep: 3 } }])
  expect(JSON.stringify(found)).not.toContain('"x"')
})

it('half of a surrogate pair, a prototype and large numbers arrive as they are written', async () => {
  const text = '{"a":"\\ud800","__proto__":{"b":1},"n":12345678901234567890,"f":1.5,"e":1e400}'
  const value = strictJson(text) as Record<string, unknown>
  expect(value.a).toBe('\ud800')
  expect(Object.keys(value)).toContain('__proto__')
  expect([value.n, value.f, value.e]).toEqual(['12345678901234567890', 1.5, '1e400'])
})

it('what ends before its end, is not in UTF-8 or nests without end is refused', async () => {
  for (const [what, message] of [
    ['[1, 2', 'it is not valid JSON'],
    [Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), 'it is not in UTF-8: save it as UTF-8, or name its encoding'],
    ['['.repeat(100_000), 'it is deeper than 1000 levels'],
  ] as const) {
    await expect(Array.fromAsync(pickedValues(sourceFrom(what), entries))).rejects.toThrow(message)
  }
})

it('lines are counted, blank ones left out, and one that is too long or in another encoding does not stop the rest', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\ufeff{"a":1}\r\n\n'),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    Buffer.from(`"${'x'.repeat(50)}"\n{"b":2}`),
  ])
  for (const step of [1, 7, 1000]) {
    const found = await Array.fromAsync(ndjsonLines(sourceFrom(bytes, { step }), { bytesMax: 20 }))
    expect(found).toEqual([
      { line: 1, text: '{"a":1}\r' },
      { line: 3, fault: 'It is not in UTF-8.' },
      { line: 4, fault: 'It has more than 20 bytes.' },
      { line: 5, text: '{"b":2}' },
    ])
  }
})

it('all that stands before a fault is read, in whichever pieces the text comes', async () => {
  const text = `[{"a":1},{"b":"${'x'.repeat(300)}"},7,{"c":2}, nul, {"d":3}]`
  for (const step of [1, 3, 64, 10_000]) {
    const found: unknown[] = []
    const reading = (async () => {
      for await (const each of pickedValues(sourceFrom(text, { step }), entries))
        found.push('value' in each && each.value)
    })()
    await expect(reading).rejects.toThrow('it is not valid JSON')
    expect(found).toEqual([{ a: 1 }, { b: 'x'.repeat(300) }, 7, { c: 2 }])
  }
})
