import { describe, expect, it } from 'vitest'
import { isPublicAddress, refusalOf } from '../../src/webhooks/addresses.ts'
import { send } from '../../src/webhooks/outgoing.ts'
import { startApp } from '../support/app.ts'
import { startReceiver, WEBHOOKS } from '../support/receiver.ts'

const strict = { hostsAllowed: [], isHttpAllowed: false }
const open = { hostsAllowed: [], isHttpAllowed: true }

/** Everything that leads inside, or nowhere, or that stands for something else. Kept for ever. */
const inside = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.1.2.3'],
  ...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::10.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
  ...['::ffff:a00:1', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1', '100::1'],
  ...['2001::1', '2001:0:5ef5:79fb::1', '2001:db8::1', '2002:7f00:1::', '2002:a00:1::1', '3fff::1', 'fc00::1'],
  ...['fd12:3456:789a::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff0e::1', '5f00::1', '4000::1', 'e000::1'],
]
const outside = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '100.63.255.255', '100.128.0.1', '172.32.0.1', '198.20.0.1']
const outside6 = ['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888']

describe('an address', () => {
  it.each(inside)('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
  it.each([...outside, ...outside6])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

/** The same addresses as people hide them. */
const hidden = [
  ...['http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/'],
  ...[
    'http://0x7f.1/',
    'http://127.0.0.1./',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
  ],
  ...['http://[::ffff:7f00:1]/', 'http://169.254.169.254/latest/meta-data/', 'http://[64:ff9b::a9fe:a9fe]/'],
  ...['http://%31%32%37.0.0.1/', 'http://①②⑦.0.0.1/', 'http://127。0。0。1/', 'http://0/', 'http://10.0.0.1:8080/'],
]

it.each(hidden)('%s is refused as it is written, when it is checked and when it is sent to', async (address) => {
  expect(refusalOf(new URL(address), open)).toMatch(/not a public one/)
  const request = { method: 'POST', url: address, headers: {}, body: '{}' }
  const resolve = () => Promise.reject(new Error('Nobody is asked'))
  const signal = new AbortController().signal
  expect(await send(request, { policy: open, resolve, timeoutMs: 500, signal })).toMatchObject({
    status: null,
    error: expect.stringMatching(/not a public one/),
  })
})

it('only https is spoken unless a setting says otherwise, and nothing but http at all', () => {
  expect(refusalOf(new URL('http://example.com/'), strict)).toMatch(/Only https/)
  expect(refusalOf(new URL('https://example.com/'), strict)).toBeUndefined()
  for (const url of ['ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/'])
    expect(refusalOf(new URL(url), open)).toMatch(/Only https/)
})

describe('a name', () => {
  const to = async (addresses: string[][], hostsAllowed: string[] = []) => {
    const receiver = await startReceiver()
    const port = new URL(receiver.url).port
    let asked = 0
    const resolve = async () => {
      const found = addresses[Math.min(asked++, addresses.length - 1)] ?? []
      return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    }
    const request = { method: 'POST', url: `http://hooks.example:${port}/`, headers: {}, body: '{}' }
    const policy = { hostsAllowed, isHttpAllowed: true }
    const outcome = await send(request, { policy, resolve, timeoutMs: 500, signal: new AbortController().signal })
    return { outcome, asked, received: receiver.received }
  }

  it.each(inside)('that leads to %s is not sent to', async (address) => {
    const { outcome, received } = await to([[address.replace(/%.*/, '')]])
    expect(outcome).toMatchObject({ status: null, error: expect.stringMatching(/not a public one/) })
    expect(received).toEqual([])
  })

  it('that leads to a public address and one inside is not sent to', async () => {
    const { outcome, received } = await to([['93.184.216.34', '127.0.0.1']])
    expect(outcome).toMatchObject({ status: null, error: expect.stringMatching(/not a public one/) })
    expect(received).toEqual([])
  })

  it('is asked for once, and the connection goes where that answer says, not where the next one would', async () => {
    // Allowed by name, so that the test stays on this machine: what matters is who is asked, and how often.
    const { outcome, asked, received } = await to([['127.0.0.1'], ['127.0.0.2']], ['hooks.example'])
    expect(outcome).toMatchObject({ status: 204 })
    expect(asked).toBe(1)
    expect(received[0]?.headers.host).toMatch(/^hooks\.example:\d+$/)
  })

  it('that nobody knows is an attempt that failed', async () => {
    expect((await to([[]])).outcome).toEqual({ status: null, error: 'The name of the host is not known.' })
  })

  it('that is never answered for is left in time', async () => {
    const request = { method: 'GET', url: 'https://hooks.example/', headers: {}, body: null }
    const resolve = () => new Promise<never>(() => {})
    const outcome = await send(request, {
      policy: strict,
      resolve,
      timeoutMs: 50,
      signal: new AbortController().signal,
    })
    expect(outcome).toEqual({ status: null, error: 'There was no answer in time.' })
  })
})

it('an endpoint inside is refused when it is made and when it is changed, with the field named', async () => {
  const app = await startApp()
  const admin = await app.withRole('admin')
  for (const url of ['http://example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://2130706433/x']) {
    const { body } = await admin.post(WEBHOOKS, { name: 'In', url }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/url', code: 'not-allowed' }])
  }
  const { id } = (await admin.post(WEBHOOKS, { name: 'Out', url: 'https://example.com/' }).expect(201)).body
  const { body } = await admin.patch(`${WEBHOOKS}/${id}`, { url: 'https://10.0.0.1/' }, 1).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/url', code: 'not-allowed' }])
})

it('what the settings allow is a host, or a host with one port', () => {
  const policy = { hostsAllowed: ['127.0.0.1:8080', 'cache.internal', '[::1]'], isHttpAllowed: true }
  for (const url of ['http://127.0.0.1:8080/', 'http://[::1]:99/'])
    expect(refusalOf(new URL(url), policy)).toBeUndefined()
  for (const url of ['http://127.0.0.1/', 'http://127.0.0.1:80/', 'http://127.0.0.2:8080/'])
    expect(refusalOf(new URL(url), policy)).toMatch(/not a public one/)
})
