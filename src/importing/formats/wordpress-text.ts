import { embed, replaceParts } from './wordpress-parts.ts'
import { type Shown, withoutShortcodes } from './wordpress-shortcodes.ts'

// The text of a WordPress post as plain HTML: its block comments, its shortcodes, and paragraphs that are only blank lines.

/** The HTML of a post; what has no meaning here is told in `warnings`, and its text stays. */
export function htmlOfPost(content: string, shown: Shown, warnings: string[]): string {
  const hasBlocks = content.includes('<!-- wp:')
  const plain = withoutComments(content.replaceAll('\r\n', '\n'), warnings).replaceAll(
    /<div class="wp-block-embed__wrapper">\s*(https?:\/\/[^\s<]+)\s*<\/div>/g,
    (_, url: string) => embed(unescaped(url)),
  )
  // What stands alone in a line WordPress shows as a player, where it knows the site.
  const shows = plain.replaceAll(PLAYED, (_, url: string) => embed(unescaped(url)))
  const expanded = withoutShortcodes(shows, shown, warnings)
  return hasBlocks ? expanded : withParagraphs(expanded)
}

const PLAYED =
  /^[ \t]*(https?:\/\/(?:www\.|m\.|open\.)?(?:youtube\.com|youtu\.be|vimeo\.com|twitter\.com|x\.com|instagram\.com|facebook\.com|tiktok\.com|soundcloud\.com|spotify\.com)\/[^\s<>"]{1,500})[ \t]*$/gm

const unescaped = (url: string): string => url.replaceAll('&amp;', '&')

/** Blocks of the editor are comments. Those that are made when a page is asked for have nothing to keep. */
function withoutComments(content: string, warnings: string[]): string {
  const dynamic = new Set<string>()
  const result = replaceParts(content, '<!--', '-->', (inside, whole) => {
    const said = inside.trim()
    const [, name] = /^wp:([\w/-]+)/.exec(said) ?? []
    if (name !== undefined && said.endsWith('/')) dynamic.add(name.replace(/\/$/, ''))
    if (said.startsWith('nextpage')) return '\n\n'
    return name !== undefined || /^(?:\/wp:|more|noteaser)/.test(said) ? '' : whole
  })
  for (const name of dynamic)
    warnings.push(
      name === 'block'
        ? 'A block that several posts use (wp:block) is an item of its own, and is not taken: put its text in by hand.'
        : `The block "${name}" is made by WordPress when a page is read, and has no text to keep.`,
    )
  return result
}

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
