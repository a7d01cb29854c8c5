import type { SourceBody } from './formats/format.ts'

// What no body can hold, as it is found in the text of a source before that is converted: nothing of it goes without a word.

const CELLS = /<t[dh]\b[^>]{0,1000}\b(?:row|col)span\s*=\s*["']?(?!1\b)\d/i
const LED_IMAGE = /<a\b[^>]{0,2000}>\s{0,100}<img\b[^>]{0,4000}>\s{0,100}<\/a>/i
const LED_IN_MARKDOWN = /\[!\[[^\]]{0,500}\]\([^)]{0,1000}\)\]\(/
const HIDDEN =
  /<[a-z][a-z0-9]{0,20}\b[^>]{0,1000}\s(?:hidden(?=[\s>=])|style\s*=\s*["'][^"'>]{0,200}display\s*:\s*none)/i
const COUNTED = /<ol\b[^>]{0,200}\bstart\s*=\s*["']?(?!1\b)\d/i
const TITLE = /<title\b[^>]{0,100}>([^<]{0,300})/i
const REFERENCE = /&#(?:x0*([0-9a-f]{1,8})|0*(\d{1,10}));?/gi

/** What of this text will not be there, a sentence each. */
export function lossesOf(body: SourceBody): string[] {
  const text = 'html' in body ? body.html : 'markdown' in body ? body.markdown : ''
  if (!/<|&#|\[!\[/.test(text)) return []
  const losses: string[] = []
  if (CELLS.test(text)) losses.push('Cells of a table that span several rows or columns stand in one alone.')
  if (COUNTED.test(text)) losses.push('Numbered lists begin with 1, whatever they began with.')
  if (HIDDEN.test(text)) losses.push('Text that was hidden on its page is text like any other.')
  if (LED_IMAGE.test(text) || LED_IN_MARKDOWN.test(text))
    losses.push('Pictures do not lead anywhere: links of them are left out.')
  const [, title] = TITLE.exec(text) ?? []
  if (title !== undefined && title.trim() !== '')
    losses.push(`The words of <title> are of a page and not of its text, and are left out: "${title.trim()}".`)
  return [...losses, ...strangeIn(text)]
}

/** References to NUL, halves of surrogate pairs and what is beyond Unicode, which HTML says become U+FFFD: a sentence, if there are any. */
export function strangeIn(text: string): string[] {
  for (const [, hex, decimal] of text.matchAll(REFERENCE)) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
      return ['A reference to what is no character (like "&#0;") became "\uFFFD".']
  }
  return []
}
