import fc from 'fast-check'
import { applyPatch, type Operation } from 'rfc6902'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/http/json.ts'
import { applyJsonPatch, JsonPatch } from '../../src/shared/json-patch.ts'
import { Problem } from '../../src/shared/problem.ts'
import { checked } from '../../src/shared/validation.ts'
import { runs } from '../support/rounds.ts'

/** As a route does it: the operations are checked, then carried out. */
const patched = (target: unknown, operations: unknown) => applyJsonPatch(target, checked(JsonPatch, operations))

/** Why a patch is refused: the code, and where and what is wrong with it. */
function refusal(run: () => unknown) {
  try {
    run()
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, status: error.status, errors: error.errors ?? [] }
    throw error
  }
  throw new Error('The patch was taken.')
}
const refused = (target: unknown, operations: unknown) => refusal(() => patched(target, operations))

const article = () => ({
  headline: 'Ferry Resumes',
  section: { slug: 'world', name: 'World' },
  tags: [{ name: 'Ferries' }, { name: 'Islands' }, { name: 'Weather' }],
  notes: null,
  'a/b': 1,
  'm~n': 2,
})

describe('what RFC 6902 shows in its appendix A', () => {
  const cases: [sentence: string, target: unknown, operations: unknown, result: unknown][] = [
    ['A.1 a field is added', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    [
      'A.2 an entry is added before another',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['A.3 a field is taken away', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    [
      'A.4 an entry is taken away',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'A.5 a field gets another value',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'replace', path: '/baz', value: 'boo' }],
      { baz: 'boo', foo: 'bar' },
    ],
    [
      'A.6 a field is moved',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7 an entry is moved',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8 a test that holds changes nothing',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    [
      'A.10 an object is added',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    [
      'A.14 "~01" is the name "~1"',
      { '/': 9, '~1': 10 },
      [{ op: 'test', path: '/~01', value: 10 }],
      { '/': 9, '~1': 10 },
    ],
    [
      'A.16 a list is added as one entry',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
  ]
  it.each(cases)('%s', (_sentence, target, operations, result) => {
    expect(patched(target, operations)).toEqual(result)
  })

  it('A.9 and A.15 a test that does not hold refuses all, a text is no number', () => {
    const first = { op: 'replace', path: '/baz', value: 'bar' }
    expect(refused({ baz: 'qux' }, [first, { op: 'test', path: '/baz', value: 'qux' }])).toMatchObject({
      code: 'patch-test-failed',
      status: 409,
      errors: [{ pointer: '#/1/value', code: 'test-failed' }],
    })
    expect(refused({ '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }]).code).toBe('patch-test-failed')
  })

  it('A.11 a member that an operation does not have is refused: nothing that is sent is ignored here', () => {
    const { code, errors } = refused({}, [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }])
    expect(code).toBe('validation-failed')
    expect(errors).toMatchObject([{ pointer: '#/0/xyz', code: 'unknown-field' }])
  })

  it('A.12 nothing is added inside of what is not there', () => {
    expect(refused({ foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }])).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '#/0/path', code: 'unknown-place' }],
    })
  })

  it('A.13 an operation with two "op" is no JSON to us', () => {
    const text = '[{ "op": "add", "path": "/baz", "value": "qux", "op": "remove" }]'
    expect(refusal(() => parseJson(Buffer.from(text))).code).toBe('malformed-json')
  })
})

describe('what is there can be copied, moved and replaced', () => {
  it('a copy is independent of what it was made from', () => {
    const operations = [
      { op: 'copy', from: '/tags/0', path: '/tags/-' },
      { op: 'replace', path: '/tags/0/name', value: 'Boats' },
    ]
    expect(patched(article(), operations)).toMatchObject({
      tags: [{ name: 'Boats' }, { name: 'Islands' }, { name: 'Weather' }, { name: 'Ferries' }],
    })
  })

  it('the whole can be replaced, tested, copied and moved onto itself', () => {
    expect(patched(article(), [{ op: 'replace', path: '', value: [1] }])).toEqual([1])
    expect(patched({ a: 1 }, [{ op: 'copy', from: '', path: '/b' }])).toEqual({ a: 1, b: { a: 1 } })
    expect(patched({ a: 1 }, [{ op: 'move', from: '/a', path: '' }])).toBe(1)
    expect(patched({ a: 1 }, [{ op: 'move', from: '', path: '' }])).toEqual({ a: 1 })
    expect(patched(article(), [{ op: 'test', path: '', value: article() }])).toEqual(article())
  })

  it('a test takes the order of members for nothing, that of entries for something', () => {
    const section = { name: 'World', slug: 'world' }
    expect(patched(article(), [{ op: 'test', path: '/section', value: section }])).toEqual(article())
    expect(refused([1, 2], [{ op: 'test', path: '', value: [2, 1] }]).code).toBe('patch-test-failed')
    expect(patched(article(), [{ op: 'test', path: '/notes', value: null }])).toEqual(article())
    expect(refused({ a: 1 }, [{ op: 'test', path: '', value: { a: 1, b: null } }]).code).toBe('patch-test-failed')
  })

  it('a place is named after what the removal of a move leaves', () => {
    expect(patched([['a'], ['b'], ['c']], [{ op: 'move', from: '/0', path: '/1/-' }])).toEqual([['b'], ['c', ['a']]])
    expect(refused(['a', 'b'], [{ op: 'move', from: '/0', path: '/2' }]).code).toBe('validation-failed')
  })

  it('a replaced field keeps its place among the others', () => {
    const result = patched(article(), [{ op: 'replace', path: '/headline', value: 'Ferry Stops' }])
    expect(JSON.stringify(result)).toBe(JSON.stringify({ ...article(), headline: 'Ferry Stops' }))
  })

  it.each(['add', 'replace'])('what %s brings is not shared with the article', (op) => {
    const value = { name: 'Boats' }
    patched(article(), [
      { op, path: '/tags/0', value },
      { op: 'add', path: '/tags/0/name', value: 'Ships' },
    ])
    expect(value).toEqual({ name: 'Boats' })
  })
})

describe('a place that is not there is refused with a sentence', () => {
  const places: [operation: object, pointer: string, detail: string][] = [
    [{ op: 'remove', path: '/headlin' }, '#/0/path', 'The whole has no member "headlin". Did you mean "headline"?'],
    [
      { op: 'replace', path: '/section/colour', value: 1 },
      '#/0/path',
      '"/section" has no member "colour". Name one that it has, or "add" it first.',
    ],
    [
      { op: 'add', path: '/headline/0', value: 1 },
      '#/0/path',
      '"/headline" has nothing inside: it is neither an object nor an array.',
    ],
    [{ op: 'replace', path: '/tags/3', value: 1 }, '#/0/path', '"/tags" has no place "3". Known are: 0 to 2.'],
    [
      { op: 'add', path: '/tags/4', value: 1 },
      '#/0/path',
      '"/tags" has no place "4". Known are: 0 to 3, and "-" for its end.',
    ],
    [{ op: 'remove', path: '/tags/-' }, '#/0/path', '"/tags" has no place "-". Known are: 0 to 2.'],
    [{ op: 'remove', path: '/tags/length' }, '#/0/path', '"/tags" has no place "length". Known are: 0 to 2.'],
    [{ op: 'remove', path: '/tags/01' }, '#/0/path', '"/tags" has no place "01". Known are: 0 to 2.'],
    [{ op: 'copy', from: '/tags/1e0', path: '/x' }, '#/0/from', '"/tags" has no place "1e0". Known are: 0 to 2.'],
    [
      { op: 'copy', from: '/tags/0', path: '/tags/9' },
      '#/0/path',
      '"/tags" has no place "9". Known are: 0 to 3, and "-" for its end.',
    ],
    [
      { op: 'move', from: '/byline', path: '/x' },
      '#/0/from',
      'The whole has no member "byline". Name one that it has, or "add" it first.',
    ],
    [{ op: 'move', from: '/section', path: '/section/name' }, '#/0/path', '"/section" cannot be moved into itself.'],
    [{ op: 'remove', path: '' }, '#/0/path', 'The whole cannot be removed. Replace it instead.'],
  ]
  it.each(places)('%j', (operation, pointer, detail) => {
    expect(refused(article(), [operation])).toMatchObject({
      code: 'validation-failed',
      status: 422,
      errors: [{ pointer, detail }],
    })
  })

  it('a test of a place that is not there is a test that fails', () => {
    expect(refused(article(), [{ op: 'test', path: '/tags/3/name', value: 'Ferries' }])).toMatchObject({
      code: 'patch-test-failed',
      errors: [{ pointer: '#/0/path', detail: '"/tags" has no place "3". Known are: 0 to 2.' }],
    })
  })

  it.each([
    ['path', 'headline'],
    ['path', '/a~2b'],
    ['path', '/a~'],
    ['path', '#/headline'],
    ['from', '~'],
  ])('%s %j is no JSON Pointer', (name, written) => {
    const { errors } = refused(article(), [{ op: 'copy', from: '/headline', path: '/x', [name]: written }])
    expect(errors).toMatchObject([{ pointer: `#/0/${name}`, code: 'wrong-format' }])
    expect(errors[0]?.detail).toContain('"/tags/0/name"')
  })

  it('an operation says what it lacks', () => {
    expect(refused({}, [{ op: 'add', path: '/a' }]).errors).toEqual([
      { pointer: '#/0/value', code: 'required', detail: 'This field is required (any value).' },
    ])
    expect(refused({}, [{ op: 'move', path: '/a' }]).errors).toMatchObject([{ pointer: '#/0/from', code: 'required' }])
    expect(refused({}, [{ op: 'ad', path: '/a', value: 1 }]).errors).toMatchObject([
      { pointer: '#/0/op', didYouMean: 'add' },
    ])
  })
})

describe('no patch reaches what is not the article', () => {
  it.each(['__proto__', 'constructor', 'toString', 'prototype'])(
    'what every object inherits is no field: %s',
    (name) => {
      expect(refused({}, [{ op: 'copy', from: `/${name}`, path: '/x' }]).code).toBe('validation-failed')
      expect(refused({}, [{ op: 'add', path: `/${name}/polluted`, value: true }]).code).toBe('validation-failed')
      expect(refused({}, [{ op: 'remove', path: `/${name}` }]).code).toBe('validation-failed')
      expect({}).not.toHaveProperty('polluted')
    },
  )

  it('a field may be called "constructor", none "__proto__"', () => {
    expect(patched({}, [{ op: 'add', path: '/constructor', value: 1 }])).toEqual({ constructor: 1 })
    expect(refused({}, [{ op: 'add', path: '/__proto__', value: {} }]).errors).toMatchObject([
      { detail: 'No member may be called "__proto__".' },
    ])
  })
})

describe('a patch cannot make something huge out of something small', () => {
  it('copies of copies end at a million characters', () => {
    const double = { op: 'copy', from: '/a', path: '/a/-' }
    const { errors } = refused({ a: ['Ferry'] }, Array(200).fill(double))
    expect(errors).toMatchObject([{ code: 'too-big' }])
    expect(Number(/^#\/(\d+)$/.exec(errors[0]?.pointer ?? '')?.[1])).toBeLessThan(20)
    expect(patched({ a: 'a'.repeat(900_000) }, [{ op: 'copy', from: '/a', path: '/b' }])).toHaveProperty('b')
  })

  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
  it.each([
    ['add', (value: unknown) => [{ op: 'add', path: '/a', value }]],
    ['replace', (value: unknown) => [{ op: 'replace', path: '/b', value }]],
    [
      'copy',
      (value: unknown) => [
        { op: 'replace', path: '', value: { c: value } },
        { op: 'copy', from: '/c', path: '/c/0/-' },
      ],
    ],
    [
      'move',
      (value: unknown) => [
        { op: 'replace', path: '', value: { c: value, d: {} } },
        { op: 'move', from: '/c', path: '/d/e' },
      ],
    ],
  ])('%s nests no deeper than any other document', (op, operations) => {
    const room = { add: 63, replace: 63, copy: 61, move: 62 }[op] ?? 0
    expect(patched({ b: 1 }, operations(nested(room)))).toBeDefined()
    expect(refused({ b: 1 }, operations(nested(room + 1))).errors).toMatchObject([{ code: 'too-deep' }])
  })

  it('has at most 200 operations', () => {
    const test = { op: 'test', path: '', value: 1 }
    expect(patched(1, Array(200).fill(test))).toBe(1)
    expect(refused(1, Array(201).fill(test)).errors).toMatchObject([{ pointer: '#', code: 'too-big' }])
  })
})

// Names that are short and alike, so that they meet; the ends of arrays; what every object inherits.
const name = fc.constantFrom('a', 'b', '0', '1', '2', '-', '', '01', 'a/b', 'm~n', 'length', 'constructor', '__proto__')
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, -0, 1, 2.5, '', 'Ferry'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const escaped = (each: string) => each.replaceAll('~', '~0').replaceAll('/', '~1')
const anyPath = fc.array(name, { maxLength: 4 }).map((names) => names.map((each) => `/${escaped(each)}`).join(''))

it('whatever a patch holds, it is carried out or refused, and the article stays as it was', () => {
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: anyPath,
    from: anyPath,
    value: fc.oneof(json, fc.jsonValue()),
  })
  const fitting = operation.map(({ op, path, from, value }) => ({
    op,
    path,
    ...(['move', 'copy'].includes(op) && { from }),
    ...(['add', 'replace', 'test'].includes(op) && { value }),
  }))
  const patch = fc.oneof(fc.array(fitting, { maxLength: 6 }), fc.array(operation, { maxLength: 2 }), fc.jsonValue())
  fc.assert(
    fc.property(fc.oneof(json, fc.jsonValue()), patch, (target, operations) => {
      const [before, sent] = [structuredClone(target), structuredClone(operations)]
      try {
        patched(target, operations)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        expect(error.message).toMatch(/\.$|\?$/)
      }
      expect(target).toEqual(before)
      expect(operations).toEqual(sent)
    }),
    runs(2000),
  )
})

// The package misreads these, and cannot change the whole.
const plain = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, 2.5, '', 'Ferry'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', 'a/b', 'm~n', ''), tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).json
const document = fc.array(plain, { minLength: 1, maxLength: 4 })

/** Every place inside `value`, each as a pointer; with the places where something could be added, if wanted. */
function placesIn(value: unknown, isNewToo: boolean, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([key, each]) => {
    const place = `${at}/${escaped(key)}`
    return [place, ...placesIn(each, isNewToo, place)]
  })
  const fresh = Array.isArray(value) ? [`${at}/${value.length}`, `${at}/-`] : [`${at}/new`]
  return isNewToo ? [...inside, ...fresh] : inside
}

it('a patch of places that exist is carried out just as another program does it', () => {
  const choice = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    from: fc.nat(),
    to: fc.nat(),
    value: plain,
  })
  const done: Record<string, number> = {}
  fc.assert(
    fc.property(document, fc.array(choice, { minLength: 1, maxLength: 8 }), (target, choices) => {
      const theirs: unknown = structuredClone(target)
      const operations: object[] = []
      const carryOut = (...each: Operation[]) => expect(applyPatch(theirs, each).filter(Boolean)).toEqual([])
      const valueAt = (place: string) => {
        const holder = { whole: structuredClone(theirs), copy: undefined }
        expect(applyPatch(holder, [{ op: 'copy', from: `/whole${place}`, path: '/copy' }])).toEqual([null])
        return holder.copy
      }
      for (const { op, from, to, value } of choices) {
        const pick = (places: string[], number: number) => places[number % places.length]
        const old = pick(placesIn(theirs, false), from)
        if (op === 'add') {
          const path = pick(placesIn(theirs, true), to) ?? '/-'
          carryOut({ op, path, value })
          operations.push({ op, path, value })
        } else if (old === undefined) {
          continue
        } else if (op === 'move') {
          // A removal and an addition, as the standard has it. The package looks for the place before the removal.
          const moved = valueAt(old)
          carryOut({ op: 'remove', path: old })
          const places = placesIn(theirs, true).filter((place) => !place.startsWith(`${old}/`))
          const path = pick(places, to) ?? '/-'
          carryOut({ op: 'add', path, value: moved })
          operations.push({ op, from: old, path })
        } else if (op === 'copy') {
          const path = pick(placesIn(theirs, true), to) ?? '/-'
          carryOut({ op: 'add', path, value: valueAt(old) })
          operations.push({ op, from: old, path })
        } else if (op === 'remove') {
          carryOut({ op, path: old })
          operations.push({ op, path: old })
        } else if (op === 'test') {
          operations.push({ op, path: old, value: valueAt(old) })
        } else {
          carryOut({ op: 'replace', path: old, value })
          operations.push({ op, path: old, value })
        }
        done[op] = (done[op] ?? 0) + 1
      }
      expect(patched(target, operations)).toEqual(theirs)
    }),
    runs(1000),
  )
  expect(Object.keys(done)).toHaveLength(6)
  expect(Math.min(...Object.values(done))).toBeGreaterThan(100)
})

it('whatever place a patch names, what we take another program takes too, with the same result', () => {
  const first = fc.constantFrom('/0', '/1', '/-')
  const second = fc.constantFrom('', '', '/a', '/b', '/0', '/1', '/2', '/-', '/a~1b', '/m~0n', '/new')
  const path = fc.tuple(first, second).map((names) => names.join(''))
  const operation = fc.oneof(
    fc.record({ op: fc.constantFrom('add' as const, 'replace' as const, 'test' as const), path, value: plain }),
    fc.record({ op: fc.constant('remove' as const), path }),
    fc.record({ op: fc.constant('copy' as const), from: path, path }),
  )
  const seen = { taken: 0, refused: 0 }
  fc.assert(
    fc.property(document, fc.array(operation, { minLength: 1, maxLength: 2 }), (target, operations) => {
      let ours: unknown
      try {
        ours = patched(target, operations)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        seen.refused++
        return
      }
      const theirs = structuredClone(target)
      expect(applyPatch(theirs, operations).filter(Boolean)).toEqual([])
      expect(ours).toEqual(theirs)
      seen.taken++
    }),
    runs(1000),
  )
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50)
})
