import type { Options } from 'mdast-util-to-markdown'
import { library, onFirstUse } from '../shared/first-use.ts'
import { edgesOutside } from './inline.ts'
import type { Block } from './schema.ts'
import { toHast } from './to-hast.ts'
import { toMdast } from './to-mdast.ts'

const gfm = library<typeof import('mdast-util-gfm')>('mdast-util-gfm')
const writer = library<typeof import('mdast-util-to-markdown')>('mdast-util-to-markdown')

// "www." followed by anything but a space makes a link (GFM 6.9), of which the extension knows only a part.
const linkless: Options = {
  unsafe: [{ character: '.', before: '[Ww]', inConstruct: 'phrasing', notInConstruct: ['autolink', 'link', 'image'] }],
}

/** Nothing of this is a sign of Markdown within a line, nor an address that a reader of Markdown would make a link of. */
const HARMLESS = /^[\p{L}\p{N} ,;'"’“”‘()%$…—–?/.-]*$/u

/** Most text has nothing to escape; to look for that with one pattern is much quicker than with one for each sign. */
const plainly: Options = {
  handlers: {
    text(node, parent, state, info) {
      const { value } = node
      const isInLine = !/[\r\n]/.test(info.before) && !(info.before.endsWith(']') && value.startsWith('('))
      const isSafe =
        HARMLESS.test(value) &&
        (isInLine || /^\p{L}/u.test(value)) &&
        !/[Ww]\./.test(value) &&
        !(value.endsWith(' ') && /^[\r\n]/.test(info.after))
      return isSafe ? value : writer().defaultHandlers.text(node, parent, state, info)
    },
  },
}
/** Put together once: the extensions are functions and patterns that never change. */
const optionsFor = (...more: Options[]) =>
  onFirstUse((): Options => ({ extensions: [gfm().gfmToMarkdown(), ...more], bullet: '-' }))
const waysOf = { careful: optionsFor(linkless), quick: optionsFor(linkless, plainly) }

/**
 * Renders a body as GitHub Flavored Markdown. What Markdown has no sign for (underline, sub, sup, lines in cells)
 * stays as inline HTML.
 */
export function toMarkdown(blocks: readonly Block[], way: keyof typeof waysOf = 'quick'): string {
  const children = toMdast(toHast(blocks, edgesOutside))
  return writer().toMarkdown({ type: 'root', children }, waysOf[way]())
}
