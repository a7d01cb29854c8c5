import { createHash } from 'node:crypto'

// Two spellings of one headline: a desk writes it in the plan, another one in the story, and each has its own typewriter.

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const BLANKS = /\p{White_Space}+/gu
/** Single and double ones alike, with blanks inside or outside of them: in a headline that is a matter of house style. */
const QUOTES = / ?[\p{Quotation_Mark}`´\u1fef\u1ffdʹʺʻʼʽˈˊˋ′-‷⁗][ \p{Quotation_Mark}`´\u1fef\u1ffdʹʺʻʼʽˈˊˋ′-‷⁗]*/gu
const DASHES = / ?\p{Dash}[ \p{Dash}]*/gu

/**
 * A headline without what two people write differently: case, blanks, quotes, dashes, forms of one character. Letters
 * and their marks stay, because a mark can make another word of it: a link that stays pending does less harm than one
 * that leads to the wrong story.
 */
export function fold(text: string): string {
  // An acute accent alone would become a blank with a mark on it, so quotes are looked for before and after.
  const forms = bare(text).normalize('NFKD')
  // There and back: "ß" and "SS" are the same in capitals only, and "ẞ" is "ß" in small letters only.
  const cased = forms.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
  return bare(cased).replace(DASHES, '-').trim()
}

const bare = (text: string): string => text.replace(INVISIBLE, '').replace(BLANKS, ' ').replace(QUOTES, "'")

/** A short name of all spellings of a headline, to look it up by; null where nothing visible is left of it. */
export function foldedDigest(text: string): string | null {
  const folded = fold(text)
  return folded === '' ? null : createHash('sha256').update(folded).digest('base64url')
}
