import { formatOf, formats } from '../../../src/importing/formats/all.ts'
import type { ArticleRecord, ImportRecord, Source } from '../../../src/importing/formats/format.ts'
import { recordsOf } from '../../../src/importing/records.ts'

/** A source of these bytes, given in pieces of `piece` bytes, as a file or an upload gives them. */
export function sourceOf(name: string, content: string | Uint8Array, piece = 7): Source {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return {
    name,
    size: bytes.length,
    head: bytes.subarray(0, 65_536),
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    },
  }
}

/** All records of a document, of the format that it looks like. */
export async function readAll(name: string, content: string | Uint8Array, options = {}, format = 'auto', piece = 7) {
  const records: ImportRecord[] = []
  for await (const { record } of recordsOf([sourceOf(name, content, piece)], format, options)) records.push(record)
  return records
}

export const nameOfFormat = (name: string, content: string): string | undefined =>
  formatOf(sourceOf(name, content))?.name
export const allNames = formats.map(({ name }) => name)

/** The only record, which must be an article. */
export async function article(name: string, content: string | Uint8Array, options = {}): Promise<ArticleRecord> {
  const records = await readAll(name, content, options)
  const [record] = records
  if (records.length !== 1 || record?.kind !== 'article') throw new Error(`No article: ${JSON.stringify(records)}`)
  return record
}
