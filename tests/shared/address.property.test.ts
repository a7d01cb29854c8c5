import fc from 'fast-check'
import { expect, it } from 'vitest'
import { normalisedAddress } from '../../src/shared/address.ts'
import { isWebAddress } from '../../src/shared/fields.ts'

const word = fc.stringMatching(/^[a-z0-9~_-]{1,8}$/)
const percent = (character: string) => `%${character.charCodeAt(0).toString(16)}`
/** One address, and how much of each of its spellings differs from the first. */
const parts = fc.record({
  scheme: fc.constantFrom('http', 'https'),
  host: fc.stringMatching(/^[a-z][a-z0-9]{0,5}\.example$/),
  port: fc.constantFrom('', ':8443'),
  path: fc.array(word, { minLength: 1, maxLength: 4 }),
  query: fc.constantFrom('', '?a=b%2Fc'),
  fragment: fc.constantFrom('', '#entry-7'),
})
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never
const plain = ({ scheme, host, port, path, query, fragment }: Parts) =>
  `${scheme}://${host}${port}/${path.join('/')}${query}${fragment}`
const DEFAULT_PORTS = { http: ':80', https: ':443' } as const
const spelled = (each: Parts, [loud, dotted, ported, encoded, detour, hollow]: boolean[]) => {
  const { scheme, port, path, query, fragment } = each
  const host = `${loud ? each.host.toUpperCase() : each.host}${dotted ? '.' : ''}`
  const words = encoded ? path.map((one) => percent(one.charAt(0)) + one.slice(1)) : path
  const ways = detour ? ['away', '%2E%2e', '.', ...words] : words
  const own = port || (ported ? DEFAULT_PORTS[scheme as 'http' | 'https'] : '')
  const asked = query ? (loud ? query.replace('%2F', '%2f') : query) : hollow ? '?' : ''
  return `${loud ? scheme.toUpperCase() : scheme}://${host}${own}/${ways.join('/')}${asked}${fragment || (hollow ? '#' : '')}`
}
const spelling = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })

it('all spellings of an address are one, and it is its own', () => {
  fc.assert(
    fc.property(parts, spelling, (each, choices) => {
      const other = spelled(each, choices)
      expect(isWebAddress(other)).toBe(true)
      expect(normalisedAddress(other)).toBe(plain(each))
      expect(normalisedAddress(plain(each))).toBe(plain(each))
    }),
  )
})

it('two addresses stay two', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      fc.pre(plain(one) !== plain(other))
      expect(normalisedAddress(plain(one))).not.toBe(normalisedAddress(plain(other)))
    }),
  )
})

it.each([
  ['https://b%C3%BCcher.example/', 'https://xn--bcher-kva.example'],
  ['https://127.0.0.1/a', 'https://127.1/a'],
  ['https://[2001:DB8:0::1]/', 'https://[2001:db8::1]'],
])('%s is %s', (one, other) => expect(normalisedAddress(one)).toBe(normalisedAddress(other)))

it.each([
  ['http://a.example/', 'https://a.example/'],
  ['https://a.example/x', 'https://a.example/x/'],
  ['https://a.example/x', 'https://a.example/X'],
  ['https://a.example/a%2Fb', 'https://a.example/a/b'],
  ['https://a.example/?q=1&r=2', 'https://a.example/?r=2&q=1'],
  ['https://a.example/live', 'https://a.example/live#entry-7'],
  ['https://a.example/', 'https://a.example:8443/'],
  ['https://a.example/', 'https://www.a.example/'],
])('%s is not %s', (one, other) => expect(normalisedAddress(one)).not.toBe(normalisedAddress(other)))
