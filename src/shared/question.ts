import { isCharacter, tokensOf } from './words.ts'

// What a reader asks a search: words that must be there, "phrases", begin*, and -not this.

/** Words that stand one after the other; the last may be the beginning of a longer one. */
export interface Sought {
  words: string[]
  isPrefix: boolean
  /** Where it is a beginning: the words that there are which begin so, where these are known and few. */
  ends?: string[] | undefined
}

export interface Question {
  wanted: Sought[]
  unwanted: Sought[]
}

/** A word of fewer letters is looked for as it is: too many others begin with it. */
const PREFIX_LENGTH_MIN = 3
export const TERMS_MAX = 16
export const QUESTION_LENGTH_MAX = 200

const PARTS = /(-?)"([^"]*)(?:"(\*?)|$)|([^\s"]+)/gu

/**
 * The parts of a question. A word also finds those that begin with it, quotes take it as it is, a star makes a beginning of
 * what is shorter or stands in quotes, a hyphen in front excludes what would be found without it. What holds no letter and no digit says nothing.
 */
export function questionOf(text: string): Question {
  const question: Question = { wanted: [], unwanted: [] }
  for (const [, minus = '', phrase, star = '', bare = ''] of text.matchAll(PARTS)) {
    const isNot = minus === '-' || bare.startsWith('-')
    const words = [...tokensOf(phrase ?? bare)].map(({ word }) => word)
    const last = words.at(-1)
    if (last === undefined) continue
    const isOpen = phrase === undefined ? bare.endsWith('*') : star === '*'
    const isLong = [...last].length >= PREFIX_LENGTH_MIN && !isCharacter(last)
    const isPrefix = isOpen || (phrase === undefined && isLong)
    question[isNot ? 'unwanted' : 'wanted'].push({ words, isPrefix })
  }
  return question
}
