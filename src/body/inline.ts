import { type Decorator, inOrder } from './decorators.ts'
import { type LinkMark, MAX_SPAN, type Span } from './schema.ts'
import { oneBlank } from './tidy.ts'

/** Where a run links to. Two runs belong to one link when they hold the same object. */
export interface Link {
  href: string
  title?: string | undefined
}

/** Text between two changes of format. A newline is a line break; `edge` asks for one if text stands on both sides. */
export interface Run {
  text: string
  decorators: readonly Decorator[]
  link?: Link | undefined
  edge?: true
}

const same = (a: Run, b: Run) => a.link === b.link && a.decorators.join() === b.decorators.join()

/** Folds white space as a browser shows it (NBSP is kept), trims both ends, and joins neighbours of the same format. */
export function tidyRuns(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  let edge = false
  let last = ''
  // Held back until something follows on its line: taking it off a long text again would copy the whole text.
  let space: Run | undefined
  for (const run of runs) {
    edge ||= run.edge === true
    let text = tidyBreaks(run.text)
    if (out.length === 0) text = withoutLeadingBreaks(text)
    if (space || last === '\n') text = withoutSpace(text)
    if (text === '' || (edge && text === ' ')) continue
    if (edge && out.length > 0 && last !== '\n' && !text.startsWith('\n')) text = `\n${withoutSpace(text)}`
    edge = false
    if (space && !text.startsWith('\n')) push(out, space)
    space = text.endsWith(' ') ? { ...run, text: ' ' } : undefined
    if (space) text = text.slice(0, -1)
    if (text !== '') push(out, { ...run, text })
    last = text.slice(-1)
  }
  while (out.at(-1)?.text.endsWith('\n')) dropLast(out)
  return out
}

/** White space as a browser shows it, but for breaks; most runs have none to tidy, which is quicker to see than to write. */
function tidyBreaks(text: string): string {
  if (!text.includes('\n')) return oneBlank(text)
  return text.replace(/[ \t\f\r]+/g, ' ').replace(/ ?\n ?/g, '\n')
}

const withoutSpace = (text: string) => (text.startsWith(' ') ? text.slice(1) : text)

function dropLast(out: Run[]): void {
  const run = out.at(-1)
  if (!run) return
  run.text = run.text.slice(0, -1)
  if (run.text === '') out.pop()
}

function withoutLeadingBreaks(text: string): string {
  const first = text.search(/[^ \n]/)
  return first < 0 ? '' : text.slice(first)
}

function push(out: Run[], { text, decorators, link }: Run): void {
  const run: Run = { text, decorators, link }
  const before = out.at(-1)
  if (before && same(before, run)) before.text += text
  else out.push(run)
}

/** Spans for tidied runs, none longer than `MAX_SPAN`, with the markDefs they refer to. */
export function toSpans(runs: readonly Run[]): { children: Span[]; markDefs: LinkMark[] } {
  const keys = new Map<Link, string>()
  const markDefs: LinkMark[] = []
  const children = runs.flatMap(({ text, decorators, link }) => {
    const marks: string[] = [...decorators]
    if (link) {
      let key = keys.get(link)
      if (!key) {
        key = `l${keys.size + 1}`
        keys.set(link, key)
        markDefs.push({ _type: 'link', _key: key, href: link.href, ...(link.title ? { title: link.title } : {}) })
      }
      marks.push(key)
    }
    return pieces(text).map((piece): Span => ({ _type: 'span', text: piece, marks }))
  })
  return { children, markDefs }
}

/** Cuts a text into pieces of at most `MAX_SPAN` UTF-16 code units, never within a surrogate pair. */
export function pieces(text: string): string[] {
  const out: string[] = []
  let from = 0
  while (text.length - from > MAX_SPAN) {
    const lead = text.charCodeAt(from + MAX_SPAN - 1)
    const to = from + MAX_SPAN - (lead >= 0xd800 && lead <= 0xdbff ? 1 : 0)
    out.push(text.slice(from, to))
    from = to
  }
  return [...out, text.slice(from)]
}

/** Tidied runs for the spans of a block or cell. Of several links on one span the first counts, as HTML nests none. */
export function toRuns({ children, markDefs }: { children: Span[]; markDefs?: LinkMark[] | undefined }): Run[] {
  const links = new Map(markDefs?.map((def) => [def._key, def]))
  return tidyRuns(
    children.map(({ text, marks = [] }) => {
      const key = marks.find((mark) => links.has(mark))
      return { text, decorators: inOrder(marks), link: key === undefined ? undefined : links.get(key) }
    }),
  )
}

/**
 * The same runs with the white space at their ends set apart, without decorators: Markdown has no emphasis that begins
 * or ends with a space.
 */
export function edgesOutside(runs: readonly Run[]): Run[] {
  return runs.flatMap((run) => {
    const start = run.text.search(/[^ \n]/)
    if (start < 0) return { ...run, decorators: [] }
    let end = run.text.length
    while (/[ \n]/.test(run.text.charAt(end - 1))) end--
    const plain = (text: string): Run[] => (text === '' ? [] : [{ ...run, text, decorators: [] }])
    return [
      ...plain(run.text.slice(0, start)),
      { ...run, text: run.text.slice(start, end) },
      ...plain(run.text.slice(end)),
    ]
  })
}
