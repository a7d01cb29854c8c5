import type { Question, Sought } from '../shared/question.ts'
import { type Token, tokensOf } from '../shared/words.ts'

// Where a hit has the words that were looked for, as HTML that is safe to insert: escaped, with the words in <mark>.

/** Of a text, about so many characters around the words. */
const SNIPPET_LENGTH = 240
/** Words before the first one that was found. */
const LEAD = 8
/** So many words are looked through: what is searched by has no more. */
const WORDS_MAX = 10_000

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
    if (span.from < from || end <= done) continue
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

/** The part of a long text that has most of the words, or undefined where it has none. */
export function snippetOf(text: string, { wanted }: Question): string | undefined {
  const tokens: Token[] = []
  for (const token of tokensOf(text)) if (tokens.push(token) >= WORDS_MAX) break
  const spans = spansIn(tokens, wanted)
  const [first] = spans
  if (first === undefined) return undefined
  let best = { start: first, terms: 0 }
  for (const [n, start] of spans.entries()) {
    const near = new Set<number>()
    for (let at = n; at < spans.length && (spans[at]?.to ?? 0) - start.from <= SNIPPET_LENGTH; at++)
      near.add(spans[at]?.term ?? 0)
    if (near.size > best.terms) best = { start, terms: near.size }
    if (near.size === wanted.length) break
  }
  const at = tokens.findIndex(({ from }) => from === best.start.from)
  const begin = Math.max(0, at - LEAD)
  const from = tokens[begin]?.from ?? 0
  const last = tokens.findLast(({ to }) => to <= from + SNIPPET_LENGTH)
  const to = Math.max(last?.to ?? 0, best.start.to)
  const isEnd = !tokens.some((token) => token.from >= to)
  const end = isEnd ? text.length : to
  const html = marked(text, begin === 0 ? 0 : from, end, spans)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `${begin === 0 ? '' : '… '}${html}${isEnd ? '' : ' …'}`
}
