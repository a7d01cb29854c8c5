// Text as the words that it is searched by. Both engines are given the same words, folded here, instead of two readers
// of text that cut it differently.

/** The fields whose words count, the weightiest first; each as its words, joined by blanks. */
export const wordFields = ['headline', 'standfirst', 'body'] as const
export type WordField = (typeof wordFields)[number]
export type Words = Record<WordField, string>

/** A word as it is searched for, and where it stands in the text. */
export interface Token {
  word: string
  from: number
  to: number
}

/** Stands for a word that is not looked for, so that its neighbours do not seem to be each other's. */
export const GAP = '\uE000'

/** In characters. What is longer is no word of a language. */
const WORD_LENGTH_MAX = 60

/** Scripts that set no blanks between words: each character is looked for by itself, and several as a phrase. */
const unspaced =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]'
const spaced = `(?!${unspaced})[\\p{L}\\p{N}]`
/** "U.S." is one word, as in slugs; otherwise letters and digits with their marks. */
const TOKENS = new RegExp(
  `(?<![\\p{L}\\p{N}])\\p{L}(?:\\.\\p{L})+\\.?(?![\\p{L}\\p{N}])|${unspaced}\\p{M}*|${spaced}(?:${spaced}|[\\p{M}\\p{Default_Ignorable_Code_Point}])*`,
  'gu',
)
const isUnspaced = new RegExp(`^${unspaced}`, 'u')
/** Letters with a stroke through them, and two in one, which Unicode takes for letters of their own, and readers do not. */
const strokes: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
}
const STROKES = new RegExp(`[${Object.keys(strokes).join('')}]`, 'g')
const NO_LETTERS = /[^\p{L}\p{N}]+/gu

/** One word without what readers write differently: case, marks, forms of one character. */
function folded(word: string): string {
  if (/^[A-Za-z0-9]+$/.test(word)) return cut(word.toLowerCase())
  // There and back: "ß" and "SS" are the same in capitals only.
  const cased = word.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase().normalize('NFKD')
  const plain = cased.replace(STROKES, (letter) => strokes[letter] ?? letter)
  return cut(plain.replace(NO_LETTERS, ''))
}

const cut = (word: string): string =>
  word.length <= WORD_LENGTH_MAX ? word : [...word].slice(0, WORD_LENGTH_MAX).join('')

/** The words of a text in order. */
export function* tokensOf(text: string): Generator<Token> {
  for (const { 0: found, index } of text.matchAll(TOKENS)) {
    const word = folded(found)
    if (word !== '') yield { word, from: index, to: index + found.length }
  }
}

/** Whether a word is a character of a script without blanks. */
export const isCharacter = (word: string): boolean => isUnspaced.test(word)

/** By which letter a word is looked up among others. */
export const initialOf = (word: string): string => String.fromCodePoint(word.codePointAt(0) ?? 0)

/**
 * Places for each millisecond in the order of publication, in which editions are found: so many that those of the last
 * millisecond that there is are whole numbers (below 2^53).
 */
export const PLACES = 32
