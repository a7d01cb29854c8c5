import type { Element, Root } from 'hast'
import type { Schema } from 'hast-util-sanitize'
import type { DefaultTreeAdapterTypes, defaultTreeAdapter as TreeAdapter } from 'parse5'
import { library } from '../shared/first-use.ts'
import { DECORATOR_OF } from './decorators.ts'
import { BLOCKS, CODE, EMBEDS, LISTS } from './elements.ts'
import { BodyTooDeep, MAX_DEPTH, MAX_ELEMENTS } from './too-deep.ts'

const parser = library<typeof import('parse5')>('parse5')
const sanitizer = library<typeof import('hast-util-sanitize')>('hast-util-sanitize')

/**
 * Parses a fragment as the inside of `<body>` (WHATWG HTML, scripting off) and sanitises it: what is returned has only
 * elements and attributes the block builder reads. Throws `BodyTooDeep`.
 */
export function parseHtml(text: string): Root {
  // parse5 is called directly, because only its tree adapter can stop a parse half-way: 100 kB of <p><b id=1><p><b
  // id=2>… makes more nodes than fit in memory.
  const { defaultTreeAdapter, html, parseFragment } = parser()
  const context = defaultTreeAdapter.createElement('body', html.NS.HTML, [])
  const fragment = parseFragment(context, text.toWellFormed(), { treeAdapter: limited(), scriptingEnabled: false })
  const clean = sanitizer().sanitize(toHast(fragment), SCHEMA)
  return clean.type === 'root' ? clean : { type: 'root', children: [] }
}

/** Parses a whole page (WHATWG HTML, scripting off), as it is: nothing is sanitised. Throws `BodyTooDeep`. */
export const parsePage = (text: string): DefaultTreeAdapterTypes.Document =>
  parser().parse(text.toWellFormed(), { treeAdapter: limited(), scriptingEnabled: false })

const tooDeep = () => new BodyTooDeep(`The text nests deeper than ${MAX_DEPTH} elements`)

function limited(): typeof TreeAdapter {
  const { defaultTreeAdapter } = parser()
  let elements = 0
  let depth = 0
  return {
    ...defaultTreeAdapter,
    createElement(tagName, namespace, attributes) {
      if (++elements > MAX_ELEMENTS) throw new BodyTooDeep(`The text has more than ${MAX_ELEMENTS} elements`)
      return defaultTreeAdapter.createElement(tagName, namespace, attributes)
    },
    onItemPush() {
      if (++depth > MAX_DEPTH) throw tooDeep()
    },
    onItemPop() {
      depth--
    },
  }
}

// hast calls these attributes by the names of DOM properties; all others are left behind here.
const PROPERTIES = new Map([
  ['href', 'href'],
  ['src', 'src'],
  ['alt', 'alt'],
  ['title', 'title'],
  ['data-embed', 'dataEmbed'],
  ['data-credit', 'dataCredit'],
])

function toHast(fragment: DefaultTreeAdapterTypes.DocumentFragment): Root {
  const root: Root = { type: 'root', children: [] }
  const open: { from: DefaultTreeAdapterTypes.ParentNode; to: Root | Element; depth: number }[] = [
    { from: fragment, to: root, depth: 0 },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    // The parser's own count cannot see what the adoption agency moves, so the finished tree is measured again.
    if (next.depth > MAX_DEPTH) throw tooDeep()
    for (const child of next.from.childNodes) {
      if ('tagName' in child) {
        const element = toElement(child)
        next.to.children.push(element)
        open.push({ from: child, to: element, depth: next.depth + 1 })
      } else if ('value' in child)
        next.to.children.push({ type: 'text', value: child.value.replaceAll('\0', '\uFFFD') })
    }
  }
  return root
}

function toElement({ tagName, attrs }: DefaultTreeAdapterTypes.Element): Element {
  const element: Element = { type: 'element', tagName: tagName.toLowerCase(), properties: {}, children: [] }
  for (const { name, value } of attrs) {
    const property = PROPERTIES.get(name)
    if (property) element.properties[property] = value.replaceAll('\0', '\uFFFD')
    else if (name === 'class') element.properties.className = value.split(/\s+/, 20)
  }
  return element
}

const INLINE = ['a', 'br', 'cite', 'img', 'picture', 'source', ...DECORATOR_OF.keys()]
const SCHEMA: Schema = {
  tagNames: [...new Set([...INLINE, ...BLOCKS, ...LISTS, ...CODE, ...EMBEDS])],
  // These vanish with what is in them. Every other element that is not listed gives way to its children.
  strip: ['script', 'style', 'template', 'title', 'noembed', 'noframes', 'annotation', 'annotation-xml'],
  attributes: {
    a: ['href', 'title'],
    img: ['src', 'alt'],
    source: ['src'],
    code: [['className', /^lang(?:uage)?-/]],
    pre: [['className', /^lang(?:uage)?-/]],
    figure: ['dataEmbed'],
    cite: ['dataCredit'],
    ...Object.fromEntries(EMBEDS.map((tagName) => [tagName, ['src', 'title']])),
  },
  protocols: { href: ['http', 'https', 'mailto', 'tel'], src: ['http', 'https'] },
  required: {},
  ancestors: {},
  allowComments: false,
  allowDoctypes: false,
}
