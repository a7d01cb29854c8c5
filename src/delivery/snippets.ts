import type { Question, Sought } from '../shared/question.ts'
import { type Token, tokensOf } from '../shared/words.ts'

// Where a hit has the words that were looked for, as HTML that is safe to insert: escaped, with the words in <mark>.

/** Of a text, about so many characters around the words. */
const SNIPPET_LENGTH = 240
/** Words before the first one that was found. */
const LEAD = 8
/** So many words are looked through: what is searched by has no more. */
const WORDS_MAX = 10_000
/** Of each word, so many places are looked at. */
const STARTS_MAX = 20
/** Characters besides words at the beginning and end of a text. */
const EDGE = 8
/** Words that one page of hits may have looked through where they are written otherwise than they were asked for. */
export const PAGE_WORDS_MAX = 40_000

interface Span {
  from: number
  to: number
  term: number
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapedText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

const fits = ({ words, isPrefix }: Sought, tokens: Token[], at: number): boolean =>
  words.every((word, n) => {
    const found = tokens[at + n]?.word
    return found !== undefined && (isPrefix && n === words.length - 1 ? found.startsWith(word) : found === word)
  })

function spansIn(tokens: Token[], wanted: Sought[]): Span[] {
  return tokens.flatMap((token, at) =>
    wanted.flatMap((term, number) => {
      if (!fits(term, tokens, at)) return []
      return [{ from: token.from, to: tokens[at + term.words.length - 1]?.to ?? token.to, term: number }]
    }),
  )
}

/** A part of a text with the spans in it marked. */
function marked(text: string, from: number, to: number, spans: Span[]): string {
  let html = ''
  let done = from
  for (const span of spans) {
    const end = Math.min(span.to, to)
    if (span.from < from || span.from >= to || end <= done) continue
    const begin = Math.max(span.from, done)
    html += `${escapedText(text.slice(done, begin))}<mark>${escapedText(text.slice(begin, end))}</mark>`
    done = end
  }
  return html + escapedText(text.slice(done, to))
}

/** The whole text, or undefined where it has none of the words. */
export function markedText(text: string, { wanted }: Question): string | undefined {
  const spans = spansIn([...tokensOf(text)], wanted)
  return spans.length === 0 ? undefined : marked(text, 0, text.length, spans)
}

/** Where words are that are written as they are looked for: most are, and then the rest of a text need not be read. */
function startsIn(text: string, wanted: Sought[]): number[] {
  const plain = text.toLowerCase()
  if (plain.length !== text.length) return []
  return wanted
    .flatMap(({ words: [word = ''] }) => {
      const found: number[] = []
      for (
        let at = plain.indexOf(word);
        at >= 0 && found.length < STARTS_MAX;
        at = plain.indexOf(word, at + word.length)
      )
        found.push(at)
      return found
    })
    .sort((a, b) => a - b)
}

/** The words of a part of a text, with their places in the whole. */
function tokensBetween(text: string, from: number, to: number): Token[] {
  // From a blank to a blank, so that no word is cut in two.
  const begin = from <= 0 ? 0 : text.lastIndexOf(' ', from) + 1
  const blank = text.indexOf(' ', to)
  const part = text.slice(begin, blank < 0 || blank > to + SNIPPET_LENGTH ? to : blank)
  return [...tokensOf(part)].map((token) => ({ ...token, from: token.from + begin, to: token.to + begin }))
}

/** How many different words stand close together from a span on. */
function nearTo(spans: Span[], n: number): number {
  const near = new Set<number>()
  const first = spans[n]?.from ?? 0
  for (let at = n; at < spans.length && (spans[at]?.to ?? 0) - first <= SNIPPET_LENGTH; at++)
    near.add(spans[at]?.term ?? 0)
  return near.size
}

/** The part of a long text that has most of the words, or undefined where it has none. About so long, whatever the text is. */
export function snippetOf(text: string, { wanted }: Question, budget: { words: number }): string | undefined {
  let best: { start: Span; tokens: Token[]; spans: Span[]; terms: number } | undefined
  const lookAt = (tokens: Token[]): boolean => {
    const spans = spansIn(tokens, wanted)
    for (const [n, start] of spans.entries()) {
      const terms = nearTo(spans, n)
      if (terms > (best?.terms ?? 0)) best = { start, tokens, spans, terms }
      if (terms === wanted.length) return true
    }
    return false
  }
  for (const start of startsIn(text, wanted))
    if (lookAt(tokensBetween(text, start - LEAD * 8, start + 2 * SNIPPET_LENGTH))) break
  if (best === undefined) {
    const tokens: Token[] = []
    for (const token of tokensOf(text)) if (budget.words-- <= 0 || tokens.push(token) >= WORDS_MAX) break
    lookAt(tokens)
  }
  return best && shown(text, best)
}

function shown(text: string, { start, tokens, spans }: { start: Span; tokens: Token[]; spans: Span[] }): string {
  const at = tokens.findIndex(({ from }) => from === start.from)
  const first = tokens[Math.max(0, at - LEAD)]?.from ?? start.from
  const from = start.from - first > SNIPPET_LENGTH / 2 ? start.from : first
  const last = tokens.findLast((token) => token.to <= from + SNIPPET_LENGTH)
  // A word may be longer than any of a language.
  const to = Math.min(Math.max(last?.to ?? 0, start.to), from + 2 * SNIPPET_LENGTH)
  // A full stop or a bracket may still come along.
  const isBegin = from <= EDGE
  const isEnd = text.length - to <= EDGE
  const html = marked(text, isBegin ? 0 : from, isEnd ? text.length : to, spans)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `${isBegin ? '' : '… '}${html}${isEnd ? '' : ' …'}`
}
