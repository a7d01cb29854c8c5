import { pieces } from './inline.ts'
import { normaliseBody } from './normalise.ts'
import type { Block } from './schema.ts'

/**
 * Converts plain text to normalised paragraphs. A blank line (nothing, or only spaces and tabs) parts paragraphs; a
 * single newline stays as a line break.
 */
export function fromText(text: string): Block[] {
  const paragraphs: string[][] = [[]]
  const lines = text.toWellFormed().replaceAll('\0', '\uFFFD').replaceAll('\r\n', '\n').split('\n')
  for (const line of lines) {
    if (isBlank(line)) paragraphs.push([])
    else paragraphs.at(-1)?.push(line)
  }
  return normaliseBody(paragraphs.filter((each) => each.length > 0).map(paragraph))
}

/** True for a line that parts paragraphs: empty, or of spaces and tabs alone. */
export const isBlank = (line: string): boolean => !/[^ \t]/.test(line)

function paragraph(lines: string[]): Block {
  return { _type: 'block', children: pieces(lines.join('\n')).map((text) => ({ _type: 'span', text })) }
}
