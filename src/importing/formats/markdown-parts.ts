// A Markdown document of a site as what it is made of: text, code, and what programs put in. Everything is found by its place, and no
// mark is looked for twice behind the same place, so that a document takes as long as it is long.

/** `source` is the part as it stands; all of them together are the document. */
export type Part =
  | { kind: 'text' | 'code'; source: string }
  /** `{{< … >}}` and `{{% … %}}` of Hugo, `{% … %}` of Jekyll; `body` is what such a pair encloses, where that is not Markdown. */
  | { kind: 'shortcode'; source: string; inner: string; body?: string | undefined }
  /** `{{ … }}` of Jekyll. */
  | { kind: 'output'; source: string; inner: string }
  // With /* and */ within the signs: how a page of Hugo shows a shortcode as it is written.
  | { kind: 'literal'; source: string }
  | { kind: 'comment'; source: string }
  /** `{: .note}` and `{#name}`: how something looks or is called. */
  | { kind: 'attributes'; source: string }

const START = /\\[\\`{<]|^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?<fence>`{3,}|~{3,})|`+|\{\{|\{%|\{[:#.a-z]|<!--/gim

/** The parts of a document, in their order. */
export function* partsOf(text: string): Generator<Part> {
  const ahead = lookingAhead(text)
  let from = 0
  for (let at = 0; at < text.length; ) {
    START.lastIndex = at
    const found = START.exec(text)
    if (found === null) break
    const part = partAt(text, found, ahead)
    at = found.index + (part?.source.length ?? found[0].length)
    if (part === undefined) continue
    if (found.index > from) yield { kind: 'text', source: text.slice(from, found.index) }
    yield part
    from = at
  }
  if (from < text.length) yield { kind: 'text', source: text.slice(from) }
}

type Place = { at: number; end: number }
type Ahead = (pattern: string, from: number) => Place | undefined

/** Where a pattern is found next from a place on. It is looked for anew only when that is passed: places never go back. */
function lookingAhead(text: string): Ahead {
  const known = new Map<string, Place | undefined>()
  return (pattern, from) => {
    const last = known.get(pattern)
    if (known.has(pattern) && (last === undefined || last.at >= from)) return last
    const looking = new RegExp(pattern, 'gm')
    looking.lastIndex = from
    const found = looking.exec(text)
    const next = found === null ? undefined : { at: found.index, end: found.index + found[0].length }
    known.set(pattern, next)
    return next
  }
}

/** What begins at a start that was found; undefined where it is text after all. */
function partAt(text: string, found: RegExpExecArray, ahead: Ahead): Part | undefined {
  const { 0: start, index: at, groups } = found
  if (start.startsWith('\\')) return undefined
  if (groups?.fence !== undefined) return fenced(text, at, at + start.length, groups.fence, ahead)
  if (start.startsWith('`')) return ticked(text, at, at + start.length, start.length, ahead)
  if (start === '<!--') return htmlComment(text, at, ahead)
  if (start === '{{') return braced(text, at, ahead)
  if (start === '{%') return tagged(text, at, ahead)
  return attributes(text, at, ahead)
}

function fenced(text: string, at: number, after: number, fence: string, ahead: Ahead): Part | undefined {
  const [sign = ''] = fence
  const line = ahead('$', after)?.at ?? text.length
  // With ticks behind it, it is code within a line.
  if (sign === '`' && text.slice(after, line).includes('`')) return ticked(text, at, after, fence.length, ahead)
  const end = ahead(`^[ \\t>]*${sign}{${fence.length},}[ \\t]*$`, line)
  const out = leaving(text.slice(at, after - fence.length))
  const left = out === undefined ? undefined : ahead(out, line + 1)
  return { kind: 'code', source: text.slice(at, left && left.at < (end?.at ?? text.length) ? left.at : end?.end) }
}

/** A line that is no more within the item or the quote that begins so, with which code in it ends too. */
function leaving(before: string): string | undefined {
  if (/[-*+\d]/.test(before)) return `^(?! {${before.length}}|[ \\t]*$)`
  return before.includes('>') ? '^(?! {0,3}>)' : undefined
}

function ticked(text: string, at: number, after: number, length: number, ahead: Ahead): Part | undefined {
  const end = ahead(`(?<!\`)\`{${length}}(?!\`)`, after)
  const blank = ahead('\\n[ \\t]*\\n', at)
  if (end === undefined || (blank !== undefined && blank.at < end.at)) return undefined
  return { kind: 'code', source: text.slice(at, end.end) }
}

function htmlComment(text: string, at: number, ahead: Ahead): Part | undefined {
  const end = ahead('-->', at)
  const before = text.slice(Math.max(0, at - 2_000), at)
  // Without an end it hides all that follows where it begins a block, and is text where it stands in one.
  if (end === undefined && !/(?:^|\n)(?:[ \t>]|[-*+] |\d{1,9}[.)] )*$/.test(before.slice(-100))) return undefined
  return { kind: isIndentedCode(before) ? 'code' : 'comment', source: text.slice(at, end?.end) }
}

/** Whether what comes next is code by its indent: behind a blank line or other code, and not within an item of a list. */
function isIndentedCode(before: string): boolean {
  const lines = before.split('\n')
  const isIndented = (line = '') => /^(?: {4}| {0,3}\t)/.test(line)
  const own = lines.pop()
  if (!isIndented(own) || own?.trim() !== '' || !(isIndented(lines.at(-1)) || (lines.at(-1) ?? '').trim() === ''))
    return false
  const above = lines.findLast((line) => line.trim() !== '' && !/^(?: {2}|\t)/.test(line))
  return !/^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]/.test(above ?? '')
}

const INNER_MAX = 5_000

/** What stands between two places, if it is short and nothing of its kind begins in it. */
function inside(text: string, from: number, end: Place | undefined, mark: string): string | undefined {
  if (end === undefined || end.at - from > INNER_MAX) return undefined
  const inner = text.slice(from, end.at).replace(/^-/, '').replace(/-$/, '').trim()
  return inner === '' || inner.includes(mark) ? undefined : inner
}

function braced(text: string, at: number, ahead: Ahead): Part | undefined {
  if (/^\{\{[<%]\/\*/.test(text.slice(at, at + 5))) {
    const end = ahead('\\*/[>%]\\}\\}', at + 5)
    if (end !== undefined && end.at - at < INNER_MAX) return { kind: 'literal', source: text.slice(at, end.end) }
  }
  if (/^\{\{[<%]?-?\s*\/\*/.test(text.slice(at, at + 20))) {
    const end = ahead('\\*/[ \\t]*-?[>%]?\\}\\}', at)
    return end && { kind: 'comment', source: text.slice(at, end.end) }
  }
  const sign = text[at + 2]
  if (sign !== '<' && sign !== '%') {
    const end = ahead('\\}\\}', at)
    const inner = inside(text, at + 2, end, '{{')
    return inner === undefined || inner.includes('\n')
      ? undefined
      : { kind: 'output', source: text.slice(at, end?.end), inner }
  }
  const end = ahead(sign === '<' ? '>\\}\\}' : '%\\}\\}', at + 3)
  const inner = inside(text, at + 3, end, '{{')
  if (end === undefined || inner === undefined) return undefined
  const closing = (name: string) => `\\{\\{[<%]-?[ \\t]*/[ \\t]*${name}[ \\t]*-?[>%]\\}\\}`
  return pair(text, at, end, inner, closing, ahead)
}

function tagged(text: string, at: number, ahead: Ahead): Part | undefined {
  const end = ahead('%\\}', at + 2)
  const inner = inside(text, at + 2, end, '{%')
  if (end === undefined || inner === undefined) return undefined
  return pair(text, at, end, inner, (name) => `\\{%-?[ \\t]*end${name}[ \\t]*-?%\\}`, ahead)
}

const CODE = new Set(['highlight', 'code', 'codeblock', 'console', 'mermaid', 'pre', 'prism', 'sourcecode', 'terminal'])
const OPAQUE = new Set([...CODE, 'comment', 'raw'])

/** A shortcode up to its end, or up to that of its pair where what is between is not Markdown. */
function pair(
  text: string,
  at: number,
  end: Place,
  inner: string,
  closing: (name: string) => string,
  ahead: Ahead,
): Part {
  const [name = ''] = /^[\w-]+/.exec(inner) ?? []
  const alone: Part = { kind: 'shortcode', source: text.slice(at, end.end), inner }
  if (!OPAQUE.has(name) || inner.endsWith('/')) return alone
  const close = ahead(closing(name), end.end)
  // A comment without an end hides what follows, as it did where it was written.
  if (close === undefined && name !== 'comment') return alone
  const body = text.slice(end.end, close?.at)
  // Some sites mark words in their text with a shortcode of that name.
  if (CODE.has(name) && inner === name && !body.includes('\n')) return alone
  return { kind: 'shortcode', source: text.slice(at, close?.end), inner, body }
}

const NAME_OR_VALUE = String.raw`(?:(?:[#.][\w:-]+)+|[\w-]+=(?:"[^"]*"|'[^']*'|[^\s"'{}]+))`
const ATTRIBUTES = new RegExp(`^\\{\\s*${NAME_OR_VALUE}(?:\\s+${NAME_OR_VALUE})*\\s*\\}$`)

function attributes(text: string, at: number, ahead: Ahead): Part | undefined {
  const end = ahead('\\}', at)
  if (end === undefined || end.end - at > 300) return undefined
  const source = text.slice(at, end.end)
  if (source === '{::comment}') {
    const close = ahead('\\{:/(?:comment)?\\}', end.end)
    return { kind: 'comment', source: text.slice(at, close?.end) }
  }
  if (source.includes('\n') || source.lastIndexOf('{') > 0) return undefined
  if (/^\{:[.#/:\w\s-]/.test(source) || source === '{:}') return { kind: 'attributes', source }
  if (!ATTRIBUTES.test(source)) return undefined
  const before = text.slice(Math.max(0, at - 300), at)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const [next = ''] = /^[ \t]*(?:\n|<|$)/.exec(text.slice(end.end, end.end + 50)) ?? ['none']
  const isOfBlock = /^ {0,3}$/.test(line) ? !/<|none/.test(next) : /^ {0,3}#{1,6} /.test(line) && next !== 'none'
  return isOfBlock || /[)\]]$/.test(line) ? { kind: 'attributes', source } : undefined
}
