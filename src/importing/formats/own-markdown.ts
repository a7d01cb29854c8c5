import { fromMarkdown } from '../../body/from-markdown.ts'
import type { Block, ImageBlock } from '../../body/schema.ts'
import { tidyLine } from '../../body/tidy.ts'
import { toMarkdown } from '../../body/to-markdown.ts'
import { isWebUrl } from '../../body/url.ts'

// The text of an article as Markdown that Hugo builds, and back. Pictures with a caption are Hugo's own "figure"; what is shown from elsewhere
// is a link with the title "Embed", alone in its paragraph. Signs of shortcodes in what people wrote mean nothing.

/** The Markdown of a body. */
export function ownMarkdown(blocks: readonly Block[]): string {
  const parts: string[] = []
  let some: Block[] = []
  const flush = () => {
    if (some.length > 0) parts.push(withoutShortcodes(toMarkdown(some)).trimEnd())
    some = []
  }
  for (const block of blocks) {
    const figure = block._type === 'image' ? figureOf(block) : undefined
    if (figure !== undefined) {
      flush()
      parts.push(figure)
    } else some.push(block._type === 'embed' ? linkOf(block) : block)
  }
  flush()
  return parts.filter((part) => part !== '').join('\n\n')
}

/** The body of such Markdown. */
export function ownBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  const flush = () => {
    if (lines.length > 0) blocks.push(...fromMarkdown(withShortcodes(lines.join('\n'))))
    lines = []
  }
  for (const line of markdown.split('\n')) {
    const figure = imageOf(line)
    if (figure) {
      flush()
      blocks.push(figure)
    } else lines.push(line)
  }
  flush()
  // Of each part they begin anew.
  return blocks.map(({ _key, ...block }) => embedOf(block as Block))
}

/** Hugo reads these values as Markdown: signs are named, so that they are none. */
const named = (text: string): string =>
  tidyLine(text).replaceAll(/[^\p{L}\p{N} .,;:?'’–—-]/gu, (sign) => `&#${sign.codePointAt(0)};`)
const unnamed = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))

/** A picture with words below it; undefined for one without, which Markdown has a sign for. */
function figureOf({ url, alt, caption, credit }: ImageBlock): string | undefined {
  const said = { alt, caption: caption ?? '', attr: credit ?? '' }
  if ((tidyLine(said.caption) === '' && tidyLine(said.attr) === '') || /["`<>{}]/.test(url)) return undefined
  const values = Object.entries(said).flatMap(([key, value]) =>
    tidyLine(value) === '' ? [] : ` ${key}="${named(value)}"`,
  )
  return `{{< figure src="${url}"${values.join('')} >}}`
}

function imageOf(line: string): Block | undefined {
  const [, url, ...values] =
    /^\{\{< figure src="([^"]*)"(?: alt="([^"]*)")?(?: caption="([^"]*)")?(?: attr="([^"]*)")? >\}\}$/.exec(line) ?? []
  if (url === undefined) return undefined
  const [alt = '', caption, credit] = values.map((value) => value && unnamed(value))
  return { _type: 'image', url, alt, ...(caption && { caption }), ...(credit && { credit }) }
}

const EMBED = 'Embed'

const linkOf = ({ url, title }: Extract<Block, { _type: 'embed' }>): Block => ({
  _type: 'block',
  style: 'normal',
  children: [{ _type: 'span', text: tidyLine(title) || url, marks: ['e'] }],
  markDefs: [{ _type: 'link', _key: 'e', href: url, title: EMBED }],
})

function embedOf(block: Block): Block {
  if (block._type !== 'block' || block.listItem !== undefined || (block.style ?? 'normal') !== 'normal') return block
  const [span, ...others] = block.children
  const [link] = block.markDefs ?? []
  const isAlone = others.length === 0 && span?.marks?.length === 1 && span.marks[0] === link?._key
  if (!isAlone || span === undefined || link?.title !== EMBED || !isWebUrl(link.href)) return block
  const title = span.text === link.href ? {} : { title: span.text }
  return { _type: 'embed', url: link.href, ...title }
}

// Code, an escaped sign (which begins none), or the beginning of a shortcode.
const CODE = String.raw`^(?<fence>\`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\k<fence>[\`~]*[ \t]*$|(?![\s\S]))|(?<ticks>\`+)(?!\`)[^\n]*?(?<!\`)\k<ticks>(?!\`)`
const PARTS = new RegExp(String.raw`\\[^\n]|${CODE}|\{\{(?=[<%])`, 'gm')

const withoutShortcodes = (markdown: string): string =>
  !/\{\{[<%]/.test(markdown)
    ? markdown
    : markdown.replaceAll(PARTS, (part) => {
        if (part === '{{') return '{\\{'
        // Hugo shows "{{</* x */>}}" as "{{< x >}}".
        return part.startsWith('\\') ? part : part.replaceAll(/\{\{([<%])(.{0,2000}?)([%>])\}\}/g, '{{$1/*$2*/$3}}')
      })

const withShortcodes = (markdown: string): string =>
  !markdown.includes('{{')
    ? markdown
    : markdown.replaceAll(PARTS, (part) =>
        part.startsWith('\\') || part === '{{'
          ? part
          : part.replaceAll(/\{\{([<%])\/\*(.{0,2000}?)\*\/([%>])\}\}/g, '{{$1$2$3}}'),
      )
