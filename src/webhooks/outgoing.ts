import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { type AddressPolicy, hostOf, isNamed, isPublicAddress, refusalOf } from './addresses.ts'
import type { Outgoing } from './formats.ts'

// The one way out of the server. Each request has a connection of its own, to an address that was checked: the name is
// asked for once, and the connection is made to what came back, so that it cannot mean something else a moment later.

export interface Address {
  address: string
  family: number
}
/** Finds the addresses of a name. */
export type Resolve = (host: string) => Promise<Address[]>
export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true })

/** What came back: a status with the beginning of the answer, or why there was none. */
export type Outcome =
  | { status: number; retryAfter: string | undefined; answer: Buffer; error?: undefined }
  | { status: null; error: string }

interface Door {
  policy: AddressPolicy
  resolve: Resolve
  timeoutMs: number
  /** Breaks off what is on its way. */
  signal: AbortSignal
}

/** How much of an answer is read. */
const READ_MAX = 65_536

/** Sends a request, within `timeoutMs` with its whole answer. Never throws, follows nothing, reads no more than it must. */
export async function send(request: Outgoing, door: Door): Promise<Outcome> {
  const url = URL.parse(request.url)
  const refused = url === null ? 'This is no address.' : refusalOf(url, door.policy)
  if (url === null || refused !== undefined) return failed(refused ?? '')
  const timeout = AbortSignal.any([door.signal, AbortSignal.timeout(door.timeoutMs)])
  try {
    const addresses = await orAborted(addressesOf(url, door.resolve), timeout)
    if (addresses.length === 0) return failed('The name of the host is not known.')
    if (!isNamed(url, door.policy) && !addresses.every(({ address }) => isPublicAddress(address))) {
      return failed('The name of the host leads to an address that is not a public one, and no setting allows it.')
    }
    return await exchange(url, request, addresses, timeout)
  } catch (error) {
    return failed(reasonOf(error, door.signal, timeout))
  }
}

const failed = (error: string): Outcome => ({ status: null, error })

async function addressesOf(url: URL, resolve: Resolve): Promise<Address[]> {
  const host = hostOf(url)
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}

/** A name that is asked for cannot be called off; whoever asked goes on without it. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })

async function exchange(url: URL, { method, headers, body }: Outgoing, addresses: Address[], signal: AbortSignal) {
  const pinned = ((_host, options, found) =>
    options.all
      ? found(null, addresses)
      : found(null, addresses[0]?.address ?? '', addresses[0]?.family)) as LookupFunction
  // Loaded with the first request, as most installations send none.
  const { request: make } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'))
  const bytes = body === null ? undefined : Buffer.from(body)
  let hasAnswer = false
  return new Promise<Outcome>((resolve, reject) => {
    const sent = make(
      {
        method,
        hostname: hostOf(url),
        ...(url.port !== '' && { port: url.port }),
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          'user-agent': 'Dateline',
          ...headers,
          ...((bytes !== undefined || method === 'POST') && { 'content-length': String(bytes?.length ?? 0) }),
        },
        agent: false,
        lookup: pinned,
        signal,
      },
      (response) => {
        hasAnswer = true
        const parts: Buffer[] = []
        let read = 0
        // The status is what counts: an answer that does not end is cut, and is an answer all the same.
        const finish = () => {
          // We ask for no coding, but an nginx is asked for its compressed copies: nobody wants to read those.
          const isText = response.headers['content-encoding'] === undefined
          const answer = isText ? Buffer.concat(parts).subarray(0, READ_MAX) : Buffer.of()
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], answer })
          sent.destroy()
        }
        response.on('data', (part: Buffer) => {
          parts.push(part)
          read += part.length
          if (read >= READ_MAX) finish()
        })
        response.once('end', finish)
        response.once('error', finish)
        response.once('close', finish)
      },
    )
    sent.once('error', reject)
    // Who wants to speak something else than HTTP gets no answer, and Node tells of it in no other way.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error('The answer was no answer'))
    })
    sent.once('close', () => {
      if (!hasAnswer) reject(new Error('The connection was closed'))
    })
    sent.end(bytes)
  })
}

function reasonOf(error: unknown, ended: AbortSignal, timeout: AbortSignal): string {
  if (ended.aborted) return 'The server was ending.'
  if (timeout.aborted) return 'There was no answer in time.'
  const { code, errors } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }
  const known = code ?? errors?.[0]?.code
  if (known === 'ENOTFOUND' || known === 'EAI_AGAIN') return 'The name of the host is not known.'
  return `The connection failed${known === undefined ? '' : ` (${known})`}.`
}
