import { SaxesParser } from 'saxes'
import { decoded } from './encoding.ts'
import { type Source, SourceFault } from './format.ts'

// Large XML documents as elements one after another: only the one at hand is in memory. Entities of a document's own are never
// expanded, so that none can grow.

/** An element with what is in it; names have the prefix that is usual for their namespace, whatever the document calls it. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  /** Its text, without that of elements in it. */
  text: string
  children: XmlElement[]
  /** Texts and children in their order. */
  parts: (string | XmlElement)[]
  line: number
  /** What was not well-formed in it. */
  fault?: string
}

/** More than any one element of an archive has. */
const ELEMENT_LENGTH_MAX = 20_000_000
const DEPTH_MAX = 100

const prefixes: [RegExp, string][] = [
  [/^http:\/\/wordpress\.org\/export\/[\d.]+\/excerpt\/$/, 'excerpt'],
  [/^http:\/\/wordpress\.org\/export\/[\d.]+\/$/, 'wp'],
  [/^http:\/\/purl\.org\/rss\/1\.0\/modules\/content\/$/, 'content'],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc'],
  [/^http:\/\/search\.yahoo\.com\/mrss\/?$/, 'media'],
]

const nameFor = (uri: string, local: string): string => {
  const prefix = prefixes.find(([pattern]) => pattern.test(uri))?.[1]
  return prefix === undefined ? local : `${prefix}:${local}`
}

/**
 * The elements of these names (that lie in no other of them), and of `shallow` names, in the order of the document. Where it is not
 * well-formed inside of one, that one has a `fault`; elsewhere, or where it breaks off, this throws SourceFault.
 */
export async function* xmlElements(source: Source, wanted: ReadonlySet<string>): AsyncIterable<XmlElement> {
  const head = Buffer.from(source.head.subarray(0, 200)).toString('latin1')
  const declared = /^\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)/.exec(head)?.[1]
  const parser = new SaxesParser({ xmlns: true, position: true })
  let ready: XmlElement[] = []
  const open: XmlElement[] = []
  let skippedDepth = 0
  let length = 0
  let isOver = false
  let fault: SourceFault | undefined
  parser.on('error', ({ message }) => {
    const reason = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')
    const [whole] = open
    if (whole) whole.fault ??= `it is not well-formed XML in line ${parser.line}: ${reason}`
    else if (!isOver) fault ??= new SourceFault(`it is not well-formed XML: ${reason}`, parser.line)
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    const name = nameFor(uri, local)
    if (open.length === 0 && !wanted.has(name)) return
    if (open.length >= DEPTH_MAX) {
      skippedDepth++
      return
    }
    const own = Object.values(attributes).map(({ local: key, value }) => [key, value] as const)
    const element: XmlElement = {
      name,
      attributes: Object.fromEntries(own),
      text: '',
      children: [],
      parts: [],
      line: parser.line,
    }
    open.at(-1)?.children.push(element)
    open.at(-1)?.parts.push(element)
    open.push(element)
  })
  const addText = (text: string) => {
    const into = open.at(-1)
    if (into === undefined) return
    length += text.length
    const [whole] = open
    if (length > ELEMENT_LENGTH_MAX && whole) whole.fault ??= 'it is larger than any article'
    if (length > ELEMENT_LENGTH_MAX) return
    into.text += text
    into.parts.push(text)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    if (open.length === 0) return
    if (skippedDepth > 0) {
      skippedDepth--
      return
    }
    const closed = open.pop()
    if (open.length > 0 || closed === undefined) return
    length = 0
    if (fault === undefined) ready.push(closed)
  })
  for await (const text of decoded(source, { declared })) {
    parser.write(text)
    yield* ready
    ready = []
    if (fault) throw fault
  }
  isOver = true
  parser.close()
  yield* ready
  if (open[0]) throw new SourceFault('it breaks off within an element', open[0].line)
}

/** The name of the element that a document is, without its prefix; undefined for what does not look like XML. */
export function rootOf({ head }: Source): string | undefined {
  const begin = Buffer.from(head)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  return /^(?:\s|<\?(?:(?!\?>)[\s\S])*\?>|<!--(?:(?!-->)[\s\S])*-->|<!DOCTYPE[^<>]*>)*<(?:[\w.-]+:)?([\w.-]+)[\s/>]/i.exec(
    begin,
  )?.[1]
}

/** The text of its first child of this name, without blanks around it. */
export const childText = ({ children }: XmlElement, name: string): string =>
  children.find((each) => each.name === name)?.text.trim() ?? ''
export const childrenOf = ({ children }: XmlElement, name: string): XmlElement[] =>
  children.filter((each) => each.name === name)
