import { codeOf } from './failure.ts'

/** What is said where a database cannot be opened at all: which one it is, why, and what to do. Never its password. */
export function openingFailure(url: string, error: unknown): Error {
  const address = shown(url)
  const why = address === undefined ? 'its address cannot be read' : reason(error)
  const advice = address === undefined ? spelling : adviceOn(codeOf(error), why)
  const lines = [`The database of DATABASE_URL cannot be opened: ${address ?? 'postgres://…'}: ${why}`, advice]
  return new Error(lines.filter((line) => line !== undefined).join('\n'), { cause: error })
}

const spelling = 'Write it as postgres://user:password@host:port/name, with signs in user and password percent-encoded.'

/** Undefined where the address is no address: then a part of the password may be anywhere in it. */
function shown(url: string): string | undefined {
  if (url.startsWith('file:')) return url
  const address = URL.parse(url)
  if (!address || /@/.test(address.pathname + address.search + address.hash)) return undefined
  const { protocol, username, host, pathname } = address
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/** The first cause: what stands around it says only which statement failed. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reason(error.cause)
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reason).join('; ')
  return error.message
}

function adviceOn(code: string, why: string): string | undefined {
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR)|^E(NOTDIR|EXIST|ACCES|PERM|ROFS|ISDIR|NOENT)/.test(code)) {
    return 'The path must lead to a file, in a folder that is there or can be made, where this user may write.'
  }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return 'Name another file, or put a backup in its place.'
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'Another process keeps it locked: end that one, or try again later.'
  if (/^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/.test(code) || /timeout|terminated/.test(why)) {
    return 'Does PostgreSQL run there, and are host and port right?'
  }
  if (code === '3D000') return 'Make it first (createdb), or name another.'
  if (code.startsWith('28')) return 'User and password must be those of PostgreSQL, and it must let them in from here.'
  if (code === '42501') return 'The user must be allowed to make tables in it.'
  return undefined
}
