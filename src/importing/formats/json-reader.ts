import { JSON_DEPTH_MAX } from '../../shared/json.ts'

// Puts values together out of the tokens of a JSON parser: only those that are picked, and of these only the members that
// are asked for. What is not picked passes by and is never kept.

/** Names from the root down to a value; "*" for an entry of an array. */
export type JsonPath = readonly string[]

/** Whether a value is wanted: not, whole, or with these members only. Values inside one that is wanted are not asked for. */
export type Pick = (path: JsonPath) => boolean | ReadonlySet<string>

/** A value that was picked, and the line on which it begins; `fault` instead of a value where it cannot be taken. */
export type PickedValue = { path: JsonPath; line: number } & ({ value: unknown } | { fault: string })

export interface JsonToken {
  name: string
  value?: unknown
}

/** More than any record has, in characters. */
export const RECORD_LENGTH_MAX = 20_000_000

interface Open {
  path: JsonPath
  line: number
  /** How many characters had been read when it began. */
  from: number
  /** How deep its own container stands. */
  base: number
  members: ReadonlySet<string> | undefined
  containers: (unknown[] | Record<string, unknown>)[]
  /** The depth at which something begins that is passed over. */
  skipping: number | undefined
  fault: string | undefined
}

export class JsonReader {
  readonly #pick: Pick
  readonly #path: string[] = []
  #open: Open | undefined
  #found: PickedValue[] = []

  constructor(pick: Pick) {
    this.#pick = pick
  }

  get depth(): number {
    return this.#path.length
  }

  /** What is complete, once. */
  taken(): PickedValue[] {
    const found = this.#found
    this.#found = []
    return found
  }

  /** One token; `read` is how many characters have been read so far, `line` the line of the last. */
  take({ name, value }: JsonToken, line: number, read: number): void {
    if (this.#open && read - this.#open.from > RECORD_LENGTH_MAX) this.#refuse('It is larger than any record may be.')
    if (name === 'keyValue') this.#path[this.#path.length - 1] = String(value)
    else if (name === 'startObject') this.#begin(Object.create(null), '', line, read)
    else if (name === 'startArray') this.#begin([], '*', line, read)
    else if (name === 'endObject' || name === 'endArray') this.#end()
    else this.#put(name === 'numberValue' ? numberOf(String(value)) : value, line, read)
  }

  #begin(container: unknown[] | Record<string, unknown>, entry: string, line: number, read: number): void {
    if (this.#put(container, line, read) && this.#open) {
      if (this.#open.containers.length >= JSON_DEPTH_MAX) {
        this.#refuse(`It is nested more than ${JSON_DEPTH_MAX} levels deep.`)
        this.#open.skipping = this.depth
      } else this.#open.containers.push(container)
    } else if (this.#open && this.#open.skipping === undefined) this.#open.skipping = this.depth
    this.#path.push(entry)
  }

  #end(): void {
    this.#path.pop()
    const open = this.#open
    if (open === undefined) return
    if (this.depth === open.base) this.#finish(open, open.containers[0])
    else if (open.skipping === undefined) open.containers.pop()
    else if (open.skipping === this.depth) open.skipping = undefined
  }

  /** Whether the value is kept. */
  #put(value: unknown, line: number, read: number): boolean {
    const open = this.#open
    if (open === undefined) {
      const picked = this.#pick(this.#path)
      if (picked === false) return false
      const members = picked === true ? undefined : picked
      const path = [...this.#path]
      const isContainer = typeof value === 'object' && value !== null
      if (!isContainer) this.#found.push({ path, line, value })
      else {
        const own = { containers: [], skipping: undefined, fault: undefined }
        this.#open = { path, line, from: read, base: this.depth, members, ...own }
      }
      return isContainer
    }
    if (open.skipping !== undefined || open.fault !== undefined) return false
    const parent = open.containers.at(-1)
    const name = this.#path.at(-1) ?? ''
    if (Array.isArray(parent)) parent.push(value)
    else if (parent) {
      if (open.containers.length === 1 && open.members && !open.members.has(name)) return false
      if (Object.hasOwn(parent, name)) this.#refuse(`It has the member "${name.slice(0, 80)}" twice.`)
      parent[name] = value
    }
    return true
  }

  /** What has been put together is given up, so that it takes no memory; what follows is still read. */
  #refuse(why: string): void {
    if (this.#open === undefined || this.#open.fault !== undefined) return
    this.#open.fault = why
    this.#open.containers = []
  }

  #finish({ path, line, fault }: Open, value: unknown): void {
    this.#open = undefined
    this.#found.push(fault === undefined ? { path, line, value } : { path, line, fault })
  }
}

/** Numbers that JavaScript cannot hold exactly stay as they are written. */
function numberOf(written: string): number | string {
  const number = Number(written)
  const isExact = /^-?\d+$/.test(written) ? Number.isSafeInteger(number) : Number.isFinite(number)
  return isExact ? number : written
}
