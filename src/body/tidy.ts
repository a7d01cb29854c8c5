import type { Element } from 'hast'

/** Blanks, tabs and ends of lines as a browser shows them: as one blank. Most text is so already, which is quicker to see than to write. */
export const oneBlank = (text: string): string =>
  /[\t\n\f\r]| {2}/.test(text) ? text.replace(/[ \t\n\f\r]+/g, ' ') : text

/** A caption, title or the like as both directions write it: on one line, without white space at its ends. */
export function tidyLine(text: string | undefined): string {
  return oneBlank(text ?? '').replace(/^ | $/g, '')
}

/**
 * Code as both directions write it: newlines as LF, none at the end, and empty where there is nothing but white space.
 */
export function tidyCode(code: string): string {
  const text = code.replace(/\r\n?/g, '\n')
  let end = text.length
  while (text[end - 1] === '\n') end--
  return /[^ \t\n\f]/.test(text) ? text.slice(0, end) : ''
}

/** True where no cell of these rows has anything in it. */
export function isEmptyTable(rows: readonly Element[]): boolean {
  return rows.every((row) => row.children.every((cell) => cell.type === 'element' && cell.children.length === 0))
}
