import { parse as parseToml, TomlError } from 'smol-toml'
import { type Document, isScalar, parseDocument, visit } from 'yaml'
import { SourceFault } from './format.ts'

/** The head of a document and the text below it. `line` is that on which the text begins. */
export interface FrontMatter {
  values: Record<string, unknown>
  text: string
  line: number
}

/** More than any head; an alias can stand for much, so these are bounded too. */
const ALIASES_MAX = 100

/**
 * Takes a document apart into its head, YAML between lines of "---" or TOML between lines of "+++", and its text. A document without a
 * head is all text. Throws SourceFault with the line where the head cannot be read.
 */
export function frontMatterOf(document: string): FrontMatter {
  const start = document.length - document.trimStart().length
  const [opening = '', mark = ''] = /^(---|\+\+\+)[ \t]*\r?\n/.exec(document.slice(start, start + 200)) ?? []
  const from = start + opening.length
  const end = mark === '' ? -1 : endOf(document, mark, from)
  if (end < 0) return { values: {}, text: document, line: 1 }
  const head = document.slice(from, end)
  const next = document.indexOf('\n', end)
  const rest = next < 0 ? '' : document.slice(next + 1)
  const before = linesIn(document.slice(0, start))
  const values = mark === '---' ? fromYaml(head, before + 1) : fromToml(head, before + 1)
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new SourceFault('its front matter holds no fields', before + 2)
  }
  return { values: values as Record<string, unknown>, text: rest, line: before + linesIn(head) + 3 }
}

/** Where the line begins that is nothing but the mark; YAML may also end with "...". */
function endOf(document: string, mark: string, from: number): number {
  for (let at = from; at >= 0 && at < document.length; ) {
    if (
      (document.startsWith(mark, at) || (mark === '---' && document.startsWith('...', at))) &&
      /^[ \t]*(?:\r?\n|$)/.test(document.slice(at + mark.length, at + mark.length + 200))
    )
      return at
    const next = document.indexOf('\n', at)
    if (next < 0) return -1
    at = next + 1
  }
  return -1
}

function fromYaml(head: string, before: number): unknown {
  // The parser compares each key with each other one, which takes minutes for many; here it is done by what they say.
  const document = parseDocument(head, { schema: 'core', prettyErrors: true, uniqueKeys: false })
  const [error] = document.errors
  if (error) {
    const [first = ''] = error.message.split('\n')
    throw invalid(first.replace(/ at line \d+, column \d+:?$/, ''), before + (error.linePos?.[0].line ?? 1))
  }
  try {
    const twice = keyThatIsTwice(document)
    if (twice !== undefined) throw invalid('Map keys must be unique', before + linesIn(head.slice(0, twice)) + 1)
    keepAsWritten(document)
    return document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}
  } catch (error) {
    throw error instanceof SourceFault ? error : invalid((error as Error).message, before + 1)
  }
}

const invalid = (why: string, line: number) => new SourceFault(`its front matter is no valid YAML: ${why}`, line)

/** The place of the first key that stands a second time in its map. */
function keyThatIsTwice(document: Document): number | undefined {
  let place: number | undefined
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (keys.has(key.value)) place = key.range?.[0] ?? 0
        else keys.add(key.value)
        if (place !== undefined) return visit.BREAK
      }
      return undefined
    },
  })
  return place
}

/** Numbers as "1.50" and "007" are texts: they say more than what they are worth. */
function keepAsWritten(document: Document): void {
  visit(document, {
    Scalar: (_, node) => {
      const isWorth = typeof node.value === 'number' || typeof node.value === 'boolean'
      if (isWorth && node.source !== undefined && String(node.value) !== node.source) node.value = node.source
    },
  })
}

function fromToml(head: string, before: number): unknown {
  try {
    return parseToml(head)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [first = ''] = error.message.split('\n')
    throw new SourceFault(`its front matter is no valid TOML: ${first}`, before + error.line)
  }
}

const linesIn = (text: string): number => text.split('\n').length - 1
