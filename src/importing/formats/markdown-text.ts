import { isWebUrl } from '../../body/url.ts'
import { pathOfNamed } from './file-paths.ts'
import { readable, tellKinds, wholeTables } from './markdown-kinds.ts'
import { type Part, partsOf } from './markdown-parts.ts'
import { isEnd, isPicture, isReference, isSaid, parsed, shown } from './shortcodes.ts'

// The text of a Markdown document without what only the program of its site understands.

/** What is told of a document: what is left out of its text, or not shown whole, is in `notes`. */
export interface Told {
  warnings: string[]
  notes: string[]
}

/** The text with shortcodes as what they stand for, without comments and attributes. `file` is the document's name. */
export function plainMarkdown(written: string, file: string, told: Told): string {
  const text = wholeTables(written.replaceAll(/\r\n?/g, '\n'))
  const pairs = new Set([...text.matchAll(/\{[{%][<%]?-?[ \t]*(?:\/[ \t]*|end)([\w-]+)/g)].map(([, name]) => name))
  const seen: Seen = {
    codes: new Map(),
    attributes: new Set(),
    outputs: new Set(),
    kinds: new Set(),
    comments: 0,
    links: 0,
  }
  const parts: string[] = []
  // The last signs that were written: whether an address is expected.
  let tail = ''
  for (const part of partsOf(text)) {
    const markdown = markdownOf(part, tail, { file, pairs, seen, notes: told.notes })
    parts.push(markdown)
    tail = `${tail}${markdown.slice(-20)}`.slice(-20)
  }
  told.warnings.push(...warningsOf(seen))
  return parts.join('')
}

/** What was met on the way: by its names, the first of its kind, or how often. */
interface Seen {
  /** By name, whether all that it says is shown. */
  codes: Map<string, boolean>
  attributes: Set<string>
  outputs: Set<string>
  kinds: Set<string>
  comments: number
  links: number
}

interface Around {
  file: string
  pairs: ReadonlySet<string | undefined>
  seen: Seen
  notes: string[]
}

const ADDRESS_COMES = /(?:\]\(<?|(?:href|src)=["']?|^\[[^\]]*\]:[ \t]*)$/im

function markdownOf(part: Part, tail: string, around: Around): string {
  const { file, seen, notes } = around
  switch (part.kind) {
    case 'text': {
      const [left] = /\{[{%][^\n]{0,40}/.exec(part.source) ?? []
      if (left !== undefined) seen.outputs.add(left)
      // A comment that has no end is text, wherever it comes to stand.
      const text = readable(part.source, seen.kinds).replaceAll('<!--', '&lt;!--')
      return text.replaceAll(FILE_LINK, (_, before: string, path: string) => {
        seen.links++
        return `${before}${pathOfNamed(path.startsWith('/') ? path : `./${path}`, file)}`
      })
    }
    case 'code':
      return withoutRaw(part.source, seen).replaceAll(LITERAL, '$1$2$3')
    case 'literal':
      return part.source.replace(LITERAL, '$1$2$3').replaceAll(/[\\`*_[\]<&~]/g, '\\$&')
    case 'comment':
      // Where a summary ends.
      if (/^<!--\s*(?:more|excerpt|truncate|break)\s*-->$/i.test(part.source)) return ''
      seen.comments++
      notes.push(part.source)
      return ''
    case 'attributes':
      seen.attributes.add(part.source)
      return ''
    case 'output':
      return outputOf(part.inner) ?? keptOutput(part.source, seen)
    case 'shortcode':
      return shortcodeOf(part, tail, around)
  }
}

function shortcodeOf(part: Part & { kind: 'shortcode' }, tail: string, { file, pairs, seen, notes }: Around): string {
  if (isEnd(part.source)) return ''
  const code = parsed(part.inner)
  const note = (isWhole: boolean) => {
    seen.codes.set(code.name, isWhole && (seen.codes.get(code.name) ?? true))
    if (!isWhole) notes.push(part.source)
  }
  if (code.name === 'comment' && part.body !== undefined) {
    seen.comments++
    notes.push(part.source)
    return ''
  }
  if (part.body !== undefined) {
    note(true)
    if (code.name === 'raw') return part.body
    const [, before = ''] = /(?:^|\n)([ \t>]*)$/.exec(tail) ?? []
    return fenced(part.body, languageOf(code), before)
  }
  // An address, whatever it is called: a link to nowhere is better than its signs in the text.
  if (ADDRESS_COMES.test(tail) && !isReference(code.name)) {
    const target = code.plain[0] ?? code.named.src ?? code.named.file ?? code.name
    note(isSaid(code, [target]))
    return isWebUrl(target) ? target : pathOfNamed(target, file)
  }
  const isPair = pairs.has(code.name)
  const { markdown, isWhole } = shown(code, part.inner, isPair, file)
  note(isWhole)
  // The words of a picture stand apart from the word before it, also where they are a link.
  if (isPicture(code.name) && /[\p{L}\p{N}.,:;!?]\[?$/u.test(tail) && /^[^\s!]/.test(markdown)) return ` ${markdown}`
  // The title of a box stands above what the box holds.
  return isPair && markdown !== '' && /(?:^|\n)[ \t]*$/.test(tail) ? `${markdown}\n\n` : markdown
}

/** A shortcode that is shown and not run: without what says so. */
const LITERAL = /(\{\{[<%])\/\*([^*]{0,5000})\*\/([>%]\}\})/g

const languageOf = ({ named, plain: [first] }: ReturnType<typeof parsed>): string => {
  const language = named.lang ?? named.language ?? named.type ?? first?.replace(/^lang:/, '') ?? ''
  return /^[\w+#.-]+$/.test(language) ? language : ''
}

/** Lines as a block of code, as they are. `before` is what stands before each of them: of an item of a list, or of a quote. */
function fenced(lines: string, language: string, before: string): string {
  const short = before.trimEnd()
  const bare = (line: string) =>
    line.startsWith(before)
      ? line.slice(before.length)
      : line.startsWith(short) && short !== ''
        ? line.slice(short.length)
        : line
  const [first = '', ...others] = lines.split('\n')
  const code = [first, ...others.map(bare)]
    .join('\n')
    .replace(/^[ \t]*\r?\n/, '')
    .replace(/\s+$/, '')
  const longest = [...code.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  const block = [`${fence}${language}`, ...code.split('\n'), fence].map((line) => `${before}${line}`)
  return `\n\n${block.join('\n')}\n\n`
}

/** Jekyll reads tags in code too: who shows some puts them between these. */
function withoutRaw(code: string, seen: Seen): string {
  if (!/\{%-?[ \t]*raw/.test(code) || !/\{%-?[ \t]*endraw/.test(code)) return code
  seen.codes.set('raw', seen.codes.get('raw') ?? true)
  return code.replaceAll(/\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}(?:\n(?=[^\n]*\n)|)/g, '')
}

/** The path that Jekyll makes of an expression; undefined for any other. */
function outputOf(inner: string): string | undefined {
  if (/^site\.(?:baseurl|url)$/.test(inner)) return ''
  return /^(["'])(\/?[^"'\s]*)\1\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.\w+)$/.exec(inner)?.[2]
}

function keptOutput(source: string, { outputs }: Seen): string {
  outputs.add(source)
  return source
}

/** A link to a file of Markdown in the same folder or another one. */
const FILE_LINK =
  /(\]\(<?)(?![a-z][a-z\d+.-]*:|\/\/)([^()\s<>]{1,500}\.(?:md|markdown)(?:#[^()\s<>]{0,500})?)(?=[>)\s])/gi

function* warningsOf({ codes, attributes, outputs, kinds, comments, links }: Seen): Generator<string> {
  for (const [name, isWhole] of codes)
    yield `The shortcode "${name}" is kept as text or as what it stands for${isWhole ? '' : '; what it says besides is in the notes'}.`
  if (comments === 1) yield 'A comment is left out of its text; it is in the notes.'
  if (comments > 1) yield `${comments} comments are left out of its text; they are in the notes.`
  if (links > 0) yield 'Its links to files of the site are kept as paths.'
  yield* tellKinds(kinds)
  const [attribute] = attributes
  if (attribute !== undefined) yield `What says how its parts look is left out, as ${attribute}.`
  const [output] = outputs
  if (output !== undefined) yield `What the program of its site fills in is kept as it is written, as ${output}.`
}
