// What Markdown and HTML can say and a body has no element for: it is kept as text that can be read, and told.

const NONE = 'abbr|button|canvas|details|dl|input|label|mark|math|meter|object|progress|q|ruby|select|svg|textarea'
const ELEMENT = new RegExp(`<(${NONE})(?=[\\s/>])`, 'gi')
const ALERT = /^([ \t]*>[ \t]*)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$/gm
const DEFINITION = /\n(?:[ \t]*\n)? {0,3}:[ \t]+(?=\S)/g

/** Whether a body has no element for what HTML calls so. */
export const hasNone = (tagName: string): boolean => new RegExp(`^(?:${NONE})$`).test(tagName)

/** Sentences that tell of these kinds, each once. */
export function* tellKinds(kinds: ReadonlySet<string>): Generator<string> {
  const elements = [...kinds].filter((kind) => kind.startsWith('<'))
  for (const kind of kinds) if (!kind.startsWith('<')) yield kind
  if (elements.length > 0) yield `Of its ${elements.join(', ')} the text is kept.`
}

/**
 * A document in which tables written in HTML are not broken by blank lines, behind which Markdown takes what is indented for code. The
 * programs that such pages were written for read a table to its end.
 */
export function wholeTables(text: string): string {
  if (!/^[ \t]*<table\b/im.test(text)) return text
  let fence: string | undefined
  let open = 0
  let blanks: string[] = []
  const lines: string[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      blanks.push(line)
      continue
    }
    const isBroken = open > 0 && fence === undefined && /^(?: {4}|\t)/.test(line)
    if (!isBroken) lines.push(...blanks)
    blanks = []
    lines.push(line)
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? []
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence)))
      fence = fence === undefined ? mark : undefined
    if (fence !== undefined) continue
    if (open > 0 || /^[ \t]*<table\b/i.test(line)) open += timesIn(line, /<table\b/gi) - timesIn(line, /<\/table\s*>/gi)
    open = Math.max(0, open)
  }
  return [...lines, ...blanks].join('\n')
}

const timesIn = (line: string, pattern: RegExp): number => line.match(pattern)?.length ?? 0

/** Text of Markdown in which what CommonMark and GFM do not know can be read; the kinds of what a body cannot hold go to `kinds`. */
export function readable(text: string, kinds: Set<string>): string {
  if (/\[\^[^\]\s]{1,200}\]/.test(text)) kinds.add('Its footnotes stand at its end; their numbers are no links.')
  if (/^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]/m.test(text))
    kinds.add('The boxes of its tasks are kept as "[x]" and "[ ]".')
  for (const [, tagName = ''] of text.matchAll(ELEMENT)) kinds.add(`<${tagName.toLowerCase()}>`)
  return text
    .replaceAll(DEFINITION, () => {
      kinds.add('Its definitions are kept as paragraphs.')
      return '\n\n'
    })
    .replaceAll(ALERT, (_, quote: string, kind: string) => {
      kinds.add('The kinds of its notes are kept as words.')
      return `${quote}**${kind.charAt(0)}${kind.slice(1).toLowerCase()}**\n${quote.trimEnd()}`
    })
}
