import type { Format, ImportRecord, Source } from './format.ts'
import { SourceFault } from './format.ts'
import { ndjsonLines } from './json-lines.ts'
import { pickedValues, strictJson } from './json-stream.ts'
import { itemRecord } from './ninjs-item.ts'

// News items of IPTC ninjs 1, 2 and 3, and of Superdesk: one, a list, a page of its API, or one a line.

export const ninjs: Format = {
  name: 'ninjs',
  description: 'IPTC ninjs 1, 2 and 3, also as Superdesk writes it: one item, a list, or one a line',
  recognises(source) {
    const start = startOf(source)
    if (!/^[[{]/.test(start) || /"version"\s*:\s*"https?:\/\/(?:www\.)?jsonfeed\.org\//.test(start)) return false
    if (/^\{\s*"db"\s*:/.test(start)) return false
    if (/"standard"\s*:\s*\{[^{}]*"ninjs"/i.test(start) || /ninjs-schema/.test(start)) return true
    return (
      /"(?:uri|guid)"\s*:/.test(start) &&
      /"(?:version[cC]reated|first[cC]reated|pub[sS]tatus|body_x?html|body_text|bodies|description_text)"\s*:/.test(
        start,
      )
    )
  },
  read: (source, { encoding }) => (isLines(source) ? lines(source) : documents(source, encoding)),
}

const startOf = ({ head }: Source): string =>
  Buffer.from(head)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()

/** Whether each line is an item: by its name, or because the first line is complete and another follows. */
function isLines(source: Source): boolean {
  if (/\.(?:ndjson|jsonl)$/i.test(source.name)) return true
  const [first = '', ...more] = startOf(source).split('\n')
  if (!first.startsWith('{') || more.every((line) => line.trim() === '')) return false
  try {
    JSON.parse(first)
    return true
  } catch {
    return false
  }
}

async function* lines(source: Source): AsyncIterable<ImportRecord> {
  for await (const found of ndjsonLines(source)) {
    const { line } = found
    if ('fault' in found) yield { kind: 'failed', line, why: found.fault }
    else {
      let item: unknown
      try {
        item = strictJson(found.text)
      } catch (error) {
        if (!(error instanceof SourceFault)) throw error
        yield { kind: 'failed', line, why: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.` }
        continue
      }
      yield itemRecord(item, line)
    }
  }
}

async function* documents(source: Source, encoding: string | undefined): AsyncIterable<ImportRecord> {
  const start = startOf(source)
  const isPage = start.startsWith('{') && /"_items"\s*:\s*\[/.test(start)
  const isItem = (path: readonly string[]) => {
    if (isPage) return path.length === 2 && path[0] === '_items'
    return start.startsWith('[') ? path.length === 1 : path.length === 0
  }
  for await (const found of pickedValues(source, isItem, { encoding })) {
    const { line } = found
    yield 'fault' in found ? { kind: 'failed', line, why: found.fault } : itemRecord(found.value, line)
  }
}
