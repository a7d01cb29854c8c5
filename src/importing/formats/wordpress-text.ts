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
  const plain = withoutComments(content.replaceAll('\r\n', '\n'), warnings).replaceAll(
    /<div class="wp-block-embed__wrapper">\s*(https?:\/\/[^\s<]+)\s*<\/div>/g,
    (_, url: string) => embed(unescaped(url)),
  )
  const expanded = withoutShortcodes(plain, attachments, warnings)
  return hasBlocks ? expanded : withParagraphs(expanded)
}

const unescaped = (url: string): string => url.replaceAll('&amp;', '&')

/**
 * The text with what `make` gives for each part between two marks; the rest after a mark that has no end stays. By places and not by
 * a pattern, which would look for that end from each mark anew.
 */
function replaceParts(
  text: string,
  begin: string,
  end: string,
  make: (inside: string, whole: string) => string,
): string {
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, from)) {
    const close = text.indexOf(end, at + begin.length)
    if (close < 0) break
    const after = close + end.length
    parts.push(text.slice(from, at), make(text.slice(at + begin.length, close), text.slice(at, after)))
    from = after
  }
  return parts.join('') + text.slice(from)
}

/** Blocks of the editor are comments. Those that are made when a page is asked for have nothing to keep. */
function withoutComments(content: string, warnings: string[]): string {
  const dynamic = new Set<string>()
  const result = replaceParts(content, '<!--', '-->', (inside, whole) => {
    const said = inside.trim()
    const [, name] = /^wp:([\w/-]+)/.exec(said) ?? []
    if (name !== undefined && said.endsWith('/')) dynamic.add(name.replace(/\/$/, ''))
    return name !== undefined || /^(?:\/wp:|more|nextpage|noteaser)/.test(said) ? '' : whole
  })
  for (const name of dynamic)
    warnings.push(`The block "${name}" is made by WordPress when a page is read, and has no text to keep.`)
  return result
}

const SHORTCODE = /(\[?)\[(\/?)([a-zA-Z][\w-]*)((?:\s[^\][\n]*)?)\](\]?)/g

function withoutShortcodes(html: string, attachments: ReadonlyMap<string, Attachment>, warnings: string[]): string {
  const told = new Set<string>()
  const pairs = new Set([...html.matchAll(/\[\/([\w-]+)\]/g)].map(([, name]) => name))
  const captioned = replaceParts(html, '[caption', '[/caption]', (inside, whole) => {
    const end = inside.indexOf(']')
    if (end < 0) return whole
    const [, image = '', words = ''] =
      /^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([\s\S]*)$/.exec(inside.slice(end + 1)) ?? []
    const caption = words.trim() || (valuesIn(inside.slice(0, end)).caption ?? '')
    return image === '' ? inside.slice(end + 1) : `\n\n<figure>${image}<figcaption>${caption}</figcaption></figure>\n\n`
  })
  const result = captioned
    .replaceAll(
      /\[embed[^\][]{0,500}\]\s*(https?:\/\/[^\s<\]]+)\s*\[\/embed\]/g,
      (_, url: string) => `\n\n${embed(unescaped(url))}\n\n`,
    )
    .replaceAll(SHORTCODE, (whole, before: string, end: string, name: string, attributes: string, after: string) => {
      // Doubled brackets show a shortcode and mean none.
      if (before !== '' && after !== '') return whole.slice(1, -1)
      const values = valuesIn(attributes)
      if (name === 'gallery' && values.ids !== undefined) {
        const shown = values.ids.split(',').map((id) => attachments.get(id.trim()))
        if (shown.every((each) => each !== undefined)) return `${before}\n\n${shown.map(figure).join('\n')}\n\n${after}`
      }
      const address = /https?:\/\/[^\s\]"'<]+/.exec(attributes)?.[0]
      if (['youtube', 'vimeo', 'video', 'audio', 'twitter', 'tweet', 'embed'].includes(name) && address !== undefined) {
        return `${before}\n\n${embed(unescaped(address))}\n\n${after}`
      }
      const isMeant = attributes.includes('=') || pairs.has(name) || ['gallery', 'playlist'].includes(name)
      if (isMeant && end === '') told.add(name)
      return whole
    })
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
  const apart = replaceParts(html, '<pre', '</pre>', (inside, whole) =>
    /^[\s>]/.test(inside) ? `\n\n<pre data-kept="${kept.push(whole) - 1}"></pre>\n\n` : whole,
  )
  return apart
    .replaceAll(/(<\/?(?:blockquote|div|dl|figure|h[1-6]|hr|ol|p|pre|section|table|ul)\b[^<>]*>)/gi, '\n\n$1\n\n')
    .split('\n')
    .reduce<string[][]>(
      (paragraphs, line) => {
        if (line.trim() === '') paragraphs.push([])
        else paragraphs.at(-1)?.push(line)
        return paragraphs
      },
      [[]],
    )
    .filter((lines) => lines.length > 0)
    .map((lines) => (BLOCK.test((lines[0] ?? '').trim()) ? lines.join('\n').trim() : `<p>${broken(lines)}</p>`))
    .join('\n')
    .replaceAll(/<pre data-kept="(\d+)">\s*<\/pre>/g, (_, at: string) => kept[Number(at)] ?? '')
}

/** Lines with a break after each that has none. */
const broken = (lines: string[]): string =>
  lines
    .map((line) => line.trim())
    .map((line, at, all) => (at === all.length - 1 || /<br ?\/?>$/.test(line) ? line : `${line}<br>`))
    .join('')
