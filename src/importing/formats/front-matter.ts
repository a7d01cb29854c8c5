import { parse as parseToml, TomlError } from 'smol-toml'
import { parseDocument } from 'yaml'
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
  const [, mark = '', head = '', rest = ''] =
    /^\s*?(---|\+\+\+)[ \t]*\r?\n([\s\S]*?)^\1[ \t]*(?:\r?\n|$)([\s\S]*)$/m.exec(document) ?? []
  if (mark === '' || document.trimStart().slice(0, 3) !== mark) return { values: {}, text: document, line: 1 }
  const before = linesIn(document.slice(0, document.indexOf(mark)))
  const values = mark === '---' ? fromYaml(head, before + 1) : fromToml(head, before + 1)
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new SourceFault('its front matter holds no fields', before + 2)
  }
  return { values: values as Record<string, unknown>, text: rest, line: before + linesIn(head) + 3 }
}

function fromYaml(head: string, before: number): unknown {
  const document = parseDocument(head, { schema: 'core', prettyErrors: true })
  const [error] = document.errors
  if (error) {
    const [first = ''] = error.message.split('\n')
    throw new SourceFault(
      `its front matter is no valid YAML: ${first.replace(/ at line \d+, column \d+:?$/, '')}`,
      before + (error.linePos?.[0].line ?? 1),
    )
  }
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}
  } catch (error) {
    throw new SourceFault(`its front matter is no valid YAML: ${(error as Error).message}`, before + 1)
  }
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
