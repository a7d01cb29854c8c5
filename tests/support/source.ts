import type { Format, ImportRecord, ReadOptions, Source } from '../../src/importing/formats/format.ts'

/** What is in memory as a source, in pieces of `step` bytes. */
export function sourceFrom(what: string | Uint8Array | object, { name = 'a.json', step = 65_536 } = {}): Source {
  const bytes = what instanceof Uint8Array ? what : Buffer.from(typeof what === 'string' ? what : JSON.stringify(what))
  return {
    name,
    head: bytes.subarray(0, 65_536),
    size: bytes.length,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
    },
  }
}

export async function recordsOf(format: Format, source: Source, options: ReadOptions = {}): Promise<ImportRecord[]> {
  return Array.fromAsync(format.read(source, options))
}
