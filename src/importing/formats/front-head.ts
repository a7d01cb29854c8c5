import { stringify } from 'yaml'

// The head of a document as something to take from. Names count in any case. What nobody takes, or only in part, is left, and goes
// into the notes of the article: a field of an unexpected kind is not lost.

export type Head = ReturnType<typeof headOf>

/** One line or more of text; numbers, booleans and dates as they are written. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

/** Says what a value is, or nothing where it cannot; what it does not use of a value it leaves. */
export type Reader<Read> = (value: unknown, leave: (unused: unknown) => void) => Read | undefined

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

export function headOf(values: Record<string, unknown>) {
  const left = new Map<string, { name: string; value: unknown }>()
  for (const [name, value] of Object.entries(values)) {
    const known = name.toLowerCase()
    // Of two names that differ in case the first counts, and the other one is left.
    left.set(left.has(known) ? `${known} ${name}` : known, { name, value })
  }

  /** The first of these that says something; it is left. */
  function first(...names: string[]): { name: string; value: unknown } | undefined {
    const name = names.find((each) => !isNothing(left.get(each)?.value))
    return name === undefined ? undefined : { name, value: left.get(name)?.value }
  }

  return {
    first,

    /** What `reader` makes of the first of these that it can read; with it, all that say the same are taken. */
    read<Read>(names: string[], reader: Reader<Read>): Read | undefined {
      for (const name of names) {
        const { name: written = name, value } = left.get(name) ?? {}
        let unused: unknown
        const read = isNothing(value)
          ? undefined
          : reader(value, (rest) => {
              unused = rest
            })
        if (read === undefined) continue
        const said = JSON.stringify(value)
        for (const each of names) if (JSON.stringify(left.get(each)?.value) === said) left.delete(each)
        if (unused !== undefined) left.set(name, { name: written, value: unused })
        return read
      }
      return undefined
    },

    /** What `reader` makes of each entry of all these, be they lists or not; entries that it cannot read are left. */
    readEach<Read>(names: string[], reader: Reader<Read>): Read[] {
      const read: Read[] = []
      for (const name of names) {
        const field = left.get(name)
        if (field === undefined || isNothing(field.value)) continue
        const unused: unknown[] = []
        for (const entry of Array.isArray(field.value) ? field.value : [field.value]) {
          if (isNothing(entry)) continue
          const one = reader(entry, (rest) => unused.push(rest))
          if (one === undefined) unused.push(entry)
          else read.push(one)
        }
        if (unused.length === 0) left.delete(name)
        else left.set(name, { ...field, value: Array.isArray(field.value) ? unused : unused[0] })
      }
      return read
    },

    /** Takes a field, whatever it says. */
    drop(name: string): void {
      left.delete(name)
    },

    /** What nobody has taken, for the notes; its names are told. */
    rest(warnings: string[]): string[] {
      const unknown = [...left.values()].filter(({ value }) => !isNothing(value))
      if (unknown.length === 0) return []
      const names = unknown.map(({ name }) => name).join(', ')
      warnings.push(`Not known here or not used, and kept in the notes: ${names}.`)
      return unknown.map(({ name, value }) => stringify({ [name]: value }).trim())
    },
  }
}
