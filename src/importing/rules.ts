import { sentenceLength, withoutStop } from './derive.ts'

export type ParsedDocument = { headline?: string; paragraphs: string[]; headlines: string[] }

type Line = { text: string; blanksBefore: number }

const HEADLINE_LENGTH_MAX = 200

// What Unicode calls a mandatory break. The rarer ones (form feed, NEL, U+2028, U+2029) come from page printers,
// mainframes and layout programs, where they end a line just as well; inside a paragraph they would only be invisible.
const LINE_END = /\r\n|[\n\r\f\u0085\u2028\u2029]/

const BYLINE = /^(?:By|BY)(?: \p{Lu}[\p{L}\p{M}.'’-]*){2,4}(?: (?:and|AND)(?: \p{Lu}[\p{L}\p{M}.'’-]*){2,4})?$/u
const CREDIT = /^(?:additional )?(?:reporting|writing|editing|compiled|translated|photos?) by\b/i
const BRACKETED = /^[([（].*[)\]）]$/u
const LIST_ITEM = /^(?:[-*•·‣▪–—>]|#{1,6}|\d{1,3}[.)])\s/u

/** Whether nothing in `text` can be seen: white space (also no-break) and invisible format characters only. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}\u0085]*$/u.test(text)
}

/**
 * Splits a plain text document into an article's paragraphs and the headlines that follow it.
 *
 * - Every line that is not blank is one paragraph or one headline. White space around it is dropped, everything else
 *   is kept as it is. No line is lost, doubled or moved.
 * - A line looks like a headline if it has at most 200 characters (counted strictly, in UTF-16 units), no full stop at
 *   its end and no sentence ending inside it. The stop of an abbreviation ("U.S.", "Inc."), an ellipsis, "?" and "!"
 *   are allowed; quotation marks and brackets after a stop are looked through.
 * - The headlines begin after the earliest run of two or more blank lines from which on every line looks like a
 *   headline; without such a run, after the earliest single blank line of that kind. The start of the document counts
 *   as such a run, so a document of only headlines has no paragraphs.
 * - Headlines come as a list, so a single line is taken for one only if the blank lines before it are the only run of
 *   two or more in the document. Any other single line is text: a last paragraph that lacks its full stop, a document
 *   of one line.
 * - The list cannot begin with a byline ("By Jane Doe"), a credit ("Reporting by …"), a line in brackets, a list item
 *   or a line without letters ("###"): these close or continue the text.
 *
 * With `first-line`, the first line that is not blank is the article's headline and the rest is read as above.
 */
export function parseDocument(text: string, options: { headline?: 'derive' | 'first-line' } = {}): ParsedDocument {
  const lines = linesOf(text)
  const headline = options.headline === 'first-line' ? lines.shift()?.text : undefined
  const start = headlinesStart(lines)
  const texts = lines.map((line) => line.text)
  return {
    ...(headline === undefined ? {} : { headline }),
    paragraphs: texts.slice(0, start),
    headlines: texts.slice(start),
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let blanksBefore = 0
  for (const line of text.split(LINE_END)) {
    if (isBlank(line)) {
      blanksBefore += 1
    } else {
      lines.push({ text: line.trim(), blanksBefore })
      blanksBefore = 0
    }
  }
  return lines
}

/** The index of the first headline, or the number of lines if there are no headlines. */
function headlinesStart(lines: Line[]): number {
  const none = lines.length
  // Looking from the end once, rather than after each blank line, keeps a long document linear.
  const afterText = lines.findLastIndex((line) => !looksLikeHeadline(line.text)) + 1
  const isWide = (line: Line, index: number) => index === 0 || line.blanksBefore >= 2
  const mayStart = (line: Line, index: number) => index >= afterText && !belongsToText(line.text)

  const wide = lines.findIndex((line, index) => isWide(line, index) && mayStart(line, index))
  if (wide >= 0) {
    const isList = none - wide >= 2
    const isOnlyGap = wide > 0 && lines.filter((line, index) => index > 0 && isWide(line, index)).length === 1
    return isList || isOnlyGap ? wide : none
  }
  const narrow = lines.findIndex((line, index) => line.blanksBefore === 1 && mayStart(line, index))
  return narrow >= 0 && none - narrow >= 2 ? narrow : none
}

function looksLikeHeadline(line: string): boolean {
  return (
    line.length <= HEADLINE_LENGTH_MAX && withoutStop(line) === line && sentenceLength(line, 'stops') === line.length
  )
}

function belongsToText(line: string): boolean {
  return [BYLINE, CREDIT, BRACKETED, LIST_ITEM].some((pattern) => pattern.test(line)) || !/\p{L}/u.test(line)
}
