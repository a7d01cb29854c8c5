import { SaxesParser } from 'saxes'
import { decoded } from './encoding.ts'
import { type ReadOptions, type Source, SourceFault } from './format.ts'
import { declaredEncoding } from './xml-head.ts'

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
  /** What relative addresses in it stand under (xml:base of it and of those around it); empty where nothing says. */
  base: string
  /** What was not well-formed in it. */
  fault?: string
}

/** More than any one element of an archive has, in characters. */
const ELEMENT_LENGTH_MAX = 20_000_000
const DEPTH_MAX = 100
/** Beyond this nothing more is read: for each element the parser asks all those around it for its namespace. */
const NESTING_MAX = 1_000
/** What an element takes in memory besides its text, in characters. */
const ELEMENT_COST = 100
const BASE_LENGTH_MAX = 2_000

/** Namespaces with the prefix that is usual for them; those of documents themselves have none. */
const prefixes: [RegExp, string][] = [
  [/^http:\/\/wordpress\.org\/export\/[\d.]+\/excerpt\/$/, 'excerpt:'],
  [/^http:\/\/wordpress\.org\/export\/[\d.]+\/$/, 'wp:'],
  [/^http:\/\/purl\.org\/rss\/1\.0\/modules\/content\/$/, 'content:'],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc:'],
  [/^http:\/\/search\.yahoo\.com\/mrss\/?$/, 'media:'],
  [/^http:\/\/www\.w3\.org\/2005\/Atom$/, ''],
  [/^http:\/\/www\.w3\.org\/1999\/xhtml$/, ''],
  [/^http:\/\/purl\.org\/rss\/1\.0\/$/, ''],
  [/^http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#$/, ''],
]

/** Of namespaces that are not known the prefix stays: "itunes:title" is no title of RSS. */
const nameFor = (uri: string, prefix: string, local: string): string => {
  const known = prefixes.find(([pattern]) => pattern.test(uri))?.[1]
  return `${known ?? (prefix === '' ? '' : `${prefix}:`)}${local}`
}

/**
 * The elements of these names (that lie in no other of them), in the order of the document. Where it is not well-formed inside of one,
 * that one has a `fault`; elsewhere, or where it breaks off, this throws SourceFault.
 */
export async function* xmlElements(
  source: Source,
  wanted: ReadonlySet<string>,
  { encoding }: ReadOptions = {},
): AsyncIterable<XmlElement> {
  const parser = new SaxesParser({ xmlns: true, position: true })
  let ready: XmlElement[] = []
  const open: XmlElement[] = []
  const bases: string[] = []
  let skippedDepth = 0
  let length = 0
  /** How much has come since the parser told of something: so much it holds. */
  let held = 0
  let isOver = false
  let fault: SourceFault | undefined
  const fail = (reason: string) => {
    const [whole] = open
    if (whole) whole.fault ??= `it is not well-formed XML in line ${parser.line}: ${reason}`
    else if (!isOver) fault ??= new SourceFault(`it is not well-formed XML: ${reason}`, parser.line)
  }
  /** Whether the element at hand has room for so much more. */
  const hasRoom = (more: number): boolean => {
    length += more
    const [whole] = open
    if (length > ELEMENT_LENGTH_MAX && whole) whole.fault ??= 'it is larger than any article'
    return length <= ELEMENT_LENGTH_MAX
  }
  parser.on('error', ({ message }) => fail(message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')))
  for (const other of ['comment', 'processinginstruction', 'doctype'] as const) {
    parser.on(other, () => {
      held = 0
    })
  }
  parser.on('opentag', ({ uri, prefix, local, attributes: all }) => {
    held = 0
    // Those without a prefix last: "href" is meant where "xlink:href" is there too.
    const own = Object.values(all).toSorted((a, b) => Number(a.prefix === '') - Number(b.prefix === ''))
    const attributes = Object.fromEntries(own.map(({ local: key, value }) => [key, value]))
    if (bases.length >= NESTING_MAX) {
      fault ??= new SourceFault(`it nests deeper than ${NESTING_MAX} elements`, parser.line)
      throw fault
    }
    bases.push(baseUnder(bases.at(-1) ?? '', all['xml:base']?.value))
    const name = nameFor(uri, prefix, local)
    if (open.length === 0 && !wanted.has(name)) return
    const taken = own.reduce((sum, { value }) => sum + value.length, ELEMENT_COST)
    if (open.length >= DEPTH_MAX || skippedDepth > 0 || !hasRoom(open.length === 0 ? 0 : taken)) {
      skippedDepth++
      return
    }
    const [line, base] = [parser.line, bases.at(-1) ?? '']
    const element: XmlElement = { name, attributes, text: '', children: [], parts: [], line, base }
    open.at(-1)?.children.push(element)
    open.at(-1)?.parts.push(element)
    open.push(element)
  })
  const addText = (text: string) => {
    held = 0
    const into = open.at(-1)
    if (into === undefined || !hasRoom(text.length)) return
    into.text += text
    into.parts.push(text)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    held = 0
    bases.pop()
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
  for await (const text of decoded(source, { declared: declaredEncoding(source), encoding })) {
    held += text.length
    try {
      parser.write(text)
    } catch (error) {
      if (error !== fault) throw error
    }
    yield* ready
    ready = []
    if (fault) throw fault
    if (held > ELEMENT_LENGTH_MAX) throw new SourceFault('a part of it is larger than any article', open[0]?.line)
  }
  isOver = true
  parser.close()
  yield* ready
  if (open[0]) throw new SourceFault('it breaks off within an element', open[0].line)
}

function baseUnder(around: string, own: string | undefined): string {
  if (own === undefined || own.length > BASE_LENGTH_MAX) return around
  const base = URL.parse(own.trim(), around === '' ? undefined : around)?.href
  return base === undefined || base.length > BASE_LENGTH_MAX ? around : base
}

/** The text of its first child of this name, without blanks around it. */
export const childText = ({ children }: XmlElement, name: string): string =>
  children.find((each) => each.name === name)?.text.trim() ?? ''
export const childrenOf = ({ children }: XmlElement, name: string): XmlElement[] =>
  children.filter((each) => each.name === name)
