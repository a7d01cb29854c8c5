import { GAP, tokensOf, type Words } from '../shared/words.ts'

// What of an edition can be searched.

/** Of a text, so many words; and so many characters, for which PostgreSQL has room. */
const WORDS_MAX = 10_000
const LENGTH_MAX = 200_000
/** In all fields together: PostgreSQL remembers no more places of one word. */
const PLACES_MAX = 200

/** The words of texts, each text apart from the next. */
function join(texts: (string | null | undefined)[], times: Map<string, number>): string {
  const words: string[] = []
  let length = 0
  for (const text of texts) {
    if (!text) continue
    if (words.length > 0) words.push(GAP)
    for (const { word } of tokensOf(text)) {
      length += word.length
      if (words.length >= WORDS_MAX || length > LENGTH_MAX) return words.join(' ')
      const before = times.get(word) ?? 0
      times.set(word, before + 1)
      words.push(before < PLACES_MAX ? word : GAP)
    }
  }
  return words.join(' ')
}

/** What is said besides the text, and is searched. */
interface Said {
  headline: string
  alternativeHeadline?: string | null
  kicker?: string | null
  standfirst?: string | null
  byline: string | null
  section: { name: string } | null
  tags: { name: string }[]
}

/** The words of an edition: its rendered card, and its text as JSON text. */
export const wordsOf = ({ card, text }: { card: string; text: string }): Words =>
  wordsIn(JSON.parse(`{${card}}`) as Said, text)

/** The words of what is said, and of a text as JSON text. */
export function wordsIn(said: Said, text: string): Words {
  const { headline, alternativeHeadline, kicker, standfirst, byline, section, tags } = said
  const times = new Map<string, number>()
  return {
    headline: join([headline], times),
    standfirst: join(
      [standfirst, kicker, alternativeHeadline, byline, section?.name, ...tags.map(({ name }) => name)],
      times,
    ),
    body: join([JSON.parse(text) as string], times),
  }
}

/** Each word, some more than once. */
export const vocabularyOf = ({ headline, standfirst, body }: Words): string[] =>
  `${headline} ${standfirst} ${body}`.split(' ').filter((word) => word !== '' && word !== GAP)

/** Whether somebody may have misspelt it: no number, and not too short to be mistaken. */
export const isMistakable = (word: string): boolean => /^\p{L}{4,30}$/u.test(word)
