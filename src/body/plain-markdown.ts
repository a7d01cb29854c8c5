import { library, onFirstUse } from '../shared/first-use.ts'
import { MAX_URL } from './url.ts'

// Most Markdown is prose with links, emphasis, lists and quotes. markdown-it reads that in a fifth of the time that micromark takes, and
// as CommonMark has it, as micromark does. All else is left to micromark: what GFM adds, HTML, and what the two take for different things
// (tests/body/plain-markdown.property.test.ts looks for more of that).

const markdownIt = library<typeof import('markdown-it').default>('markdown-it')
type MarkdownIt = ReturnType<typeof import('markdown-it').default>
type Token = ReturnType<MarkdownIt['parse']>[number]

/** markdown-it stops beyond its own limit without a word, so that is never reached. */
const NESTED_MOST = 20

const parser = onFirstUse((): MarkdownIt => {
  const made = markdownIt()('commonmark', { html: false, maxNesting: 100 })
  // Which addresses are kept is decided where HTML becomes blocks.
  made.validateLink = () => true
  made.normalizeLink = (url) => url
  made.normalizeLinkText = (url) => url
  return made
})

/** Signs of tables, strikethrough, footnotes, HTML, definitions of links; and characters that are rare in a text, and odd in Markdown. */
const NOT_PLAIN = /[<|~\ufeff]|(?![\n\r])\p{Cc}|\[\^|\]:|:-|-:/u
/** Signs of emphasis by threes, beside an emoji, after an entity or a backslash, or beside a blank that is not the usual one. */
const DOUBTFUL_EMPHASIS =
  /[^\n*_][*_]{3}|[*_]{3}[^\n*_]|[*_][\ud800-\udbff]|[\udc00-\udfff;\\][*_]|[*_][^\S \n]|[^\S \n][*_]/
/** Lists and quotes that begin in one line, or in one that is indented like code. */
const DOUBTFUL_BEGIN = /^[ ]*(?:>|[-+*]|\d+[.)])[ >]*(?:>|[-+*]|\d+[.)])(?:[ ]|$)|^ {4,}>/m

/** An address that is written as it is: nothing of it is to be escaped. */
const PLAIN_ADDRESS = /^(?:[\w.~:/?#!$'()*+,;=-]|&(?!#)|%[\da-f]{2})*$/i
/** In text: signs of emphasis that have no other, and addresses that would be links by themselves. */
const NOT_TEXT = /[*_@]|:\/\/|www\./i

/** The HTML of a text that is plain Markdown; undefined for any other. */
export function htmlOfPlain(text: string): string | undefined {
  // Blanks at the end may be those of code that nothing ends.
  if (/[ \t]/.test(text.slice(text.trimEnd().length))) return undefined
  if ([NOT_PLAIN, DOUBTFUL_EMPHASIS, DOUBTFUL_BEGIN].some((sign) => sign.test(text))) return undefined
  const tokens = parser().parse(text, {})
  if (!tokens.every(isPlain)) return undefined
  const html = parser().renderer.render(tokens, parser().options, {})
  return /<(?:li|blockquote)><\//.test(html) ? undefined : html
}

function isPlain(token: Token): boolean {
  const { type, level, content, info, children } = token
  const inside = children ?? []
  if (level > NESTED_MOST) return false
  if (type === 'text') return !NOT_TEXT.test(content)
  if (type === 'fence') return /^[\w+#-]*$/.test(info)
  if (type === 'image' && !inside.every((each) => each.type === 'text')) return false
  const address = String(token.attrGet('href') ?? token.attrGet('src') ?? '')
  return type !== 'code_block' && address.length <= MAX_URL && PLAIN_ADDRESS.test(address) && inside.every(isPlain)
}
