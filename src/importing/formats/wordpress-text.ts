// The text of a WordPress post as plain HTML: its block comments, its shortcodes, and paragraphs that are only blank lines.

export interface Attachment {
  url: string
  alt: string
  caption: string
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
const figure = ({ url, alt, caption }: Attachment): string =>
  `<figure><img src="${escaped(url)}" alt="${escaped(alt)}">${caption === '' ? '' : `<figcaption>${caption}</figcaption>`}</figure>`
const embed = (url: string): string => `<figure data-embed="${escaped(url)}">${escaped(url)}</figure>`

/** The HTML of a post; what has no meaning here is told in `warnings`, and its text stays. */
export function htmlOfPost(content: string, attachments: ReadonlyMap<string, Attachment>, warnings: string[]): string {
  const hasBlocks = content.includes('<!-- wp:')
  if (hasBlocks) tellDynamicBlocks(content, warnings)
  const plain = content
    .replaceAll('\r\n', '\n')
    .replaceAll(/<!--\s*\/?wp:[\s\S]*?-->/g, '')
    .replaceAll(/<div class="wp-block-embed__wrapper">\s*(https?:\/\/[^\s<]+)\s*<\/div>/g, (_, url: string) =>
      embed(unescaped(url)),
    )
    .replaceAll(/<!--\s*(?:more|nextpage|noteaser)[\s\S]*?-->/g, '')
  const expanded = withoutShortcodes(plain, attachments, warnings)
  return hasBlocks ? expanded : withParagraphs(expanded)
}

const unescaped = (url: string): string => url.replaceAll('&amp;', '&')

/** Blocks that are made when a page is asked for have nothing to keep. */
function tellDynamicBlocks(content: string, warnings: string[]): void {
  const names = new Set([...content.matchAll(/<!--\s*wp:([\w/-]+)(?:\s[^>]*?)?\/-->/g)].map(([, name]) => name))
  for (const name of names)
    warnings.push(`The block "${name}" is made by WordPress when a page is read, and has no text to keep.`)
}

const SHORTCODE = /(\[?)\[(\/?)([a-zA-Z][\w-]*)((?:\s+[^\]\n]*?)?)(\/?)\](\]?)/g

function withoutShortcodes(html: string, attachments: ReadonlyMap<string, Attachment>, warnings: string[]): string {
  const told = new Set<string>()
  const result = html
    .replaceAll(/\[caption([^\]]*)\]([\s\S]*?)\[\/caption\]/g, (_, attributes: string, inside: string) => {
      const [, image = '', words = ''] =
        /^\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*<\/a>)?)([\s\S]*)$/.exec(inside) ?? []
      const caption = words.trim() || (valuesIn(attributes).caption ?? '')
      return image === '' ? inside : `\n\n<figure>${image}<figcaption>${caption}</figcaption></figure>\n\n`
    })
    .replaceAll(
      /\[embed[^\]]*\]\s*(https?:\/\/[^\s<\]]+)\s*\[\/embed\]/g,
      (_, url: string) => `\n\n${embed(unescaped(url))}\n\n`,
    )
    .replaceAll(
      SHORTCODE,
      (whole, before: string, end: string, name: string, attributes: string, _self: string, after: string) => {
        // Doubled brackets show a shortcode and mean none.
        if (before !== '' && after !== '') return whole.slice(1, -1)
        const values = valuesIn(attributes)
        if (name === 'gallery' && values.ids !== undefined) {
          const shown = values.ids.split(',').map((id) => attachments.get(id.trim()))
          if (shown.every((each) => each !== undefined))
            return `${before}\n\n${shown.map(figure).join('\n')}\n\n${after}`
        }
        const address = /https?:\/\/[^\s\]"'<]+/.exec(attributes)?.[0]
        if (
          ['youtube', 'vimeo', 'video', 'audio', 'twitter', 'tweet', 'embed'].includes(name) &&
          address !== undefined
        ) {
          return `${before}\n\n${embed(unescaped(address))}\n\n${after}`
        }
        const isMeant =
          attributes.includes('=') || html.includes(`[/${name}]`) || ['gallery', 'playlist'].includes(name)
        if (isMeant && end === '') told.add(name)
        return whole
      },
    )
  for (const name of told) warnings.push(`The shortcode "${name}" is kept as text.`)
  return result
}

const valuesIn = (attributes: string): Record<string, string> =>
  Object.fromEntries(
    [...attributes.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g)].map(([, key = '', a, b, c]) => [
      key,
      a ?? b ?? c ?? '',
    ]),
  )

const BLOCK =
  /^<\/?(?:address|article|aside|blockquote|details|div|dl|dt|dd|fieldset|figure|figcaption|footer|form|h[1-6]|header|hr|iframe|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video|audio|object|script|style)\b/i

/** Classic posts: a blank line begins a paragraph, a single end of line is one, but inside of blocks. */
function withParagraphs(html: string): string {
  const kept: string[] = []
  // Code keeps its lines.
  const apart = html.replaceAll(
    /<pre\b[\s\S]*?<\/pre>/gi,
    (code) => `\n\n<pre data-kept="${kept.push(code) - 1}"></pre>\n\n`,
  )
  return apart
    .replaceAll(/(<\/?(?:blockquote|div|dl|figure|h[1-6]|hr|ol|p|pre|section|table|ul)\b[^>]*>)/gi, '\n\n$1\n\n')
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (BLOCK.test(part) ? part : `<p>${part.replaceAll(/(?<!<br\s*\/?>)\s*\n/g, '<br>')}</p>`))
    .join('\n')
    .replaceAll(
      /<pre data-kept="(\d+)"><\/pre>|<pre data-kept="(\d+)">\s*<\/pre>/g,
      (_, a?: string, b?: string) => kept[Number(a ?? b)] ?? '',
    )
}
