import { onFirstUse } from '../shared/first-use.ts'

const words = (list: string) => new Set(list.split(' '))
// Two kinds of abbreviation, because they differ in whether a capital after them begins a sentence: a title or month
// never ends one, a company or place ("Inc.", "Fla.") may end one or not.
const NEVER_LAST = words(
  'Mr Mrs Ms Dr Prof Gov Sen Rep Gen Lt Col Sgt Capt Adm Rev St Mt Ft vs Jan Feb Apr Aug Sep Sept Oct Nov Dec',
)
const MAYBE_LAST = words(
  'Inc Corp Co Cos Ltd Bros Jr Sr Ave Blvd Rd Dept etc al ' +
    'Ala Ariz Calif Colo Conn Fla Ga Mass Mich Minn Okla Ore Pa Tenn Va Wash Wis',
)
const INITIALS = /^(?:[\p{Lu}\p{Ll}]{1,2}\.)*[\p{Lu}\p{Ll}]$/u // U.S, J.D, p.m, Ph.D
const STARTERS = words('The He She It They We But However Its His Their') // show that the sentence did end
const DANGLING = words(
  'and or but nor yet so the a an of to in on at for from by with into over about after before between as than that ' +
    'such which who whose while when where because if is are was were be has had have will would its their his her our',
)
// "After six hours of talks," is a clause, but no headline: the comma after such an opening is no place to cut.
const OPENING = /^(?:After|Although|Amid|As|At|By|Despite|During|For|From|If|In|On|Since|Under|When|While|With)\b/
const CLOSERS = '"\'”’“»›)\\]}」』）】'
const OPENERS = '“‘«‹„(\\[{「『（【¿¡'
const WIDE = '。।۔։።？！؟'
// A number begins no sentence (newsrooms spell it out there), so "No. 10" and "Rs. 500" need no entry in the lists.
const SENTENCE_END = new RegExp(
  `(?<![.?!…])([.?!]+)[${CLOSERS}]*(?=\\s+["'${OPENERS}]*[\\p{Lu}\\p{Lt}\\p{Lo}])` +
    // No blank follows these, so inside a quotation (「行く。」と) they end a sentence only before a blank.
    `|([${WIDE}]+)(?:[${CLOSERS}]+(?=\\s)|(?![${CLOSERS}${WIDE}]))`,
  'gu',
)
const FINAL_STOP = new RegExp(`(?<![.…])([.。।۔։።])([${CLOSERS}\\s]*)$`, 'u')
const DANGLING_MARKS = new RegExp(`(?:[\\s,;:–—、，；：…${OPENERS}-]|(?<!\\.)\\.{2,}(?!\\.)|(?<=\\s)["'])+$`, 'u')
// No clause ends in a series ("visas, staffing, and access"): before a short item and a comma, or at the last "and".
const ITEM = '(?:[^\\s,]+\\s){0,2}[^\\s,]+,'
const CLAUSE = new RegExp(
  `,\\s(?!${ITEM}|(?:and|or)\\b(?<=,\\s${ITEM}\\s\\w+))|[;:]\\s|\\s[–—]\\s|—|[、，；：](?!\\p{N})`,
  'gu',
)
const BLANK = /[^\S\u00a0\u202f]+/gu // a no-break space holds "10 km" together
// They bring dictionaries along, and find what is of other scripts too.
const graphemes = onFirstUse(() => new Intl.Segmenter('en', { granularity: 'grapheme' }))
const wordParts = onFirstUse(() => new Intl.Segmenter('en', { granularity: 'word' }))

/** The length of the text's first sentence, with its stop and closing quotes. `stops`: "?" and "!" end no sentence. */
export function sentenceLength(text: string, ends: 'stops' | 'all'): number {
  for (const match of text.matchAll(SENTENCE_END)) {
    const mark = match[1] ?? match[2] ?? ''
    const end = match.index + match[0].length
    if (/^\.{2,}$/.test(mark) || (ends === 'stops' && !/[.。।۔։።]/u.test(mark))) continue
    if (mark === '.' && closesAbbreviation(text.slice(0, match.index), text.slice(end))) continue
    return end
  }
  return text.length
}

/** The text without its full stop; as it is if it has none, or if the stop is an abbreviation's or an ellipsis. */
export function withoutStop(text: string): string {
  const stop = FINAL_STOP.exec(text)
  if (stop === null || (stop[1] === '.' && closesAbbreviation(text.slice(0, stop.index), ''))) return text
  return text.slice(0, stop.index) + (stop[2] ?? '')
}

/** Whether the stop between two texts is an abbreviation's and does not also end the sentence. */
function closesAbbreviation(before: string, after: string): boolean {
  const word = /(?:^|[^\p{L}\p{M}\p{N}.])([\p{L}\p{M}.]+)$/u.exec(before.slice(-24))?.[1] ?? ''
  const next = /^[^\p{L}\p{N}]*([\p{L}\p{M}\p{N}]*)/u.exec(after)?.[1] ?? ''
  if (NEVER_LAST.has(word)) return true
  if (!MAYBE_LAST.has(word) && !INITIALS.test(word)) return false
  // A single letter is an initial before a name, but the last word of "plan B." at the end.
  return next === '' ? word.length > 1 : !STARTERS.has(next)
}

/**
 * A headline from the first sentence of a lead: the sentence without its full stop if it has at most `charactersMax`
 * (≥ 1) characters, else its beginning, ended at a clause if one leaves enough, else at a word, and inside a word only
 * if there is no other way. Characters are graphemes, what a reader counts. Empty only for a blank lead.
 */
export function deriveHeadline(lead: string, charactersMax = 110): string {
  const text = lead.trim()
  const sentence = withoutStop(text.slice(0, sentenceLength(text, 'all')))
  const limit = offsetAfter(sentence, charactersMax)
  const isWhole = limit === sentence.length
  const headline = isWhole ? sentence.replace(DANGLING_MARKS, '') : shortened(sentence, limit, charactersMax)
  return headline === '' ? text.slice(0, offsetAfter(text, charactersMax)) : headline
}

function shortened(sentence: string, limit: number, charactersMax: number): string {
  const floor = offsetAfter(sentence, Math.min(30, Math.ceil(charactersMax / 2)))
  const within = sentence.slice(0, limit + 50) // what follows tells whether a clause or a word ends at the limit
  const starting = (parts: Iterable<{ index: number }>) => Array.from(parts, (p) => p.index).filter((at) => at <= limit)
  const late = (ends: number[]) => ends.filter((end) => end >= floor)
  const pick = (ends: number[], fits = (_: string) => true) =>
    ends.map((end) => tidied(sentence.slice(0, end))).findLast((headline) => headline !== '' && fits(headline))
  const clauses = late(starting(within.matchAll(CLAUSE)).slice(OPENING.test(sentence) ? 1 : 0))
  const blanks = starting(within.matchAll(BLANK))
  const quotesClosed = pick(clauses, isBalanced) ?? pick(late(blanks), isBalanced) ?? pick(clauses)
  // Word ends come after the blanks: they are for scripts that write without any.
  const wordEnds = starting(wordParts().segment(within))
  const wordsKept = pick(late(blanks)) ?? pick(late(wordEnds)) ?? pick(blanks)
  return quotesClosed ?? wordsKept ?? sentence.slice(0, blanks.at(-1) ?? limit)
}

/** Without what cannot stand last once the rest is cut off: marks, opened quotes, "and", "the", "Mr.", a full stop. */
function tidied(text: string): string {
  const bare = text.replace(DANGLING_MARKS, '')
  const last = /(?<!\S)[\p{L}\p{M}.]+$/u.exec(bare.slice(-24))?.[0] ?? ''
  const name = last.replace(/\.$/, '')
  const dangles = DANGLING.has(last) || (name !== last && (NEVER_LAST.has(name) || name === 'No'))
  const rest = dangles ? bare.slice(0, -last.length) : withoutStop(bare)
  return rest === text ? rest : tidied(rest)
}

function isBalanced(text: string): boolean {
  const count = (marks: RegExp) => text.match(marks)?.length ?? 0
  return count(/[“„«([「『（【]/gu) === count(/[”»)\]」』）】]/gu) && count(/"/g) % 2 === 0
}

function offsetAfter(text: string, count: number): number {
  let left = count
  for (const { index } of graphemes().segment(text)) if (left-- === 0) return index
  return text.length
}
