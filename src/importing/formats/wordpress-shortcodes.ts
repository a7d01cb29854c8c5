import { type Attachment, embed, figure, replaceParts } from './wordpress-parts.ts'

// The shortcodes of WordPress, "[name key=value]", alone or around something. Those that show a picture or a player become one; all
// others stay as they are written and are told. Brackets that people write around words are no shortcodes.

const SHORTCODE = /\[(\/?)([a-zA-Z][\w-]*)((?:\s[^\][\n]*)?)\]/g
/** What its attributes must look like, all of them: "[Total = about 5]" is a sentence. */
const ATTRIBUTES = /^(?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=]+))+\s*\/?$/
/** Those of WordPress itself. */
const OWN = new Set(['caption', 'wp_caption', 'gallery', 'playlist', 'audio', 'video', 'embed'])
const PLAYERS = new Set(['audio', 'video', 'embed', 'youtube', 'vimeo', 'twitter', 'tweet', 'soundcloud', 'instagram'])
/** How far after a player its end is looked for. */
const WITHIN = 2_000

export interface Shown {
  attachments: ReadonlyMap<string, Attachment>
  /** Those that belong to this post. */
  own: readonly Attachment[]
}

export function withoutShortcodes(html: string, shown: Shown, warnings: string[]): string {
  const text = withCaptions(html)
  const pairs = new Set([...text.matchAll(/\[\/([\w-]+)\]/g)].map(([, name]) => name))
  const told = new Set<string>()
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(SHORTCODE)) {
    const [whole, end = '', name = '', attributes = ''] = match
    if (match.index < from) continue
    const isMeant = OWN.has(name) || pairs.has(name) || ATTRIBUTES.test(attributes)
    const after = match.index + whole.length
    // Doubled brackets show a shortcode and mean none. Around anything else they are what somebody wrote.
    if (text[match.index - 1] === '[' && text[after] === ']') {
      if (isMeant && match.index - 1 >= from) {
        parts.push(text.slice(from, match.index - 1), whole)
        from = after + 1
      }
      continue
    }
    if (!isMeant || end !== '') continue
    const made =
      pictures(name, attributes, shown, warnings) ?? player(name, attributes, text.slice(after, after + WITHIN))
    if (made === undefined) {
      told.add(name)
      continue
    }
    parts.push(text.slice(from, match.index), `\n\n${made.html}\n\n`)
    from = after + made.length
  }
  for (const name of told) warnings.push(`The shortcode "${name}" is kept as text.`)
  return parts.join('') + text.slice(from)
}

/** "[caption]" around a picture is a figure; around anything else its words stand below that. */
function withCaptions(html: string): string {
  return ['caption', 'wp_caption'].reduce(
    (text, name) =>
      replaceParts(text, `[${name}`, `[/${name}]`, (inside, whole, at) => {
        const end = inside.indexOf(']')
        if (end < 0 || !/^[\s\]]/.test(inside) || text[at - 1] === '[') return whole
        const content = inside.slice(end + 1)
        const [, image = '', words = ''] =
          /^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([\s\S]*)$/.exec(content) ?? []
        const attribute = valuesIn(inside.slice(0, end)).caption ?? ''
        if (image === '') return `${content}${attribute === '' ? '' : `\n\n<p>${attribute}</p>\n\n`}`
        const said = words.trim()
        const caption = said.includes(attribute) ? said : [said, attribute].filter(Boolean).join(' ')
        return `\n\n<figure>${image}<figcaption>${caption}</figcaption></figure>\n\n`
      }),
    html,
  )
}

/** What stands for a gallery or a playlist; undefined for all else, and where none of it is in the export. */
function pictures(name: string, attributes: string, { attachments, own }: Shown, warnings: string[]) {
  if (name !== 'gallery' && name !== 'playlist') return undefined
  const values = valuesIn(attributes)
  const ids = (values.ids ?? values.include)?.split(',').map((id) => id.trim())
  const isPlaylist = name === 'playlist'
  const all = ids?.map((id) => attachments.get(id)) ?? own.filter(({ url }) => isPlaylist || PICTURE.test(url))
  const there = all.filter((each) => each !== undefined)
  if (there.length === 0) return undefined
  const missing = all.length - there.length
  if (missing > 0) warnings.push(`${missing} of the ${all.length} parts of a ${name} are not in the export.`)
  return { html: there.map((each) => (isPlaylist ? embed(each.url) : figure(each))).join('\n'), length: 0 }
}
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|svg|bmp)(?:\?|$)/i

/**
 * What stands for a player, and how much after it belongs to it: its end, and an address that is all that there is before that.
 * Undefined where it names no address.
 */
function player(name: string, attributes: string, following: string): { html: string; length: number } | undefined {
  if (!PLAYERS.has(name)) return undefined
  const end = following.indexOf(`[/${name}]`)
  const length = end + name.length + 3
  const inside = end < 0 ? '' : following.slice(0, end).trim()
  const within = inside.replaceAll(/<\/?(?:a|p)\b[^<>]*>/g, '').trim()
  const own = /https?:\/\/[^\s\]"'<]+/.exec(attributes)?.[0]
  const isAddress = /^https?:\/\/[^\s<\][]+$/.test(within)
  const address = own ?? (isAddress ? within : undefined)
  if (address === undefined) return undefined
  const html = embed(address.replaceAll('&amp;', '&'))
  if (end < 0) return { html, length: 0 }
  // What is said inside besides, for those whose browser shows no player, stays.
  return { html: isAddress || inside === '' ? html : `${html}\n\n${inside}`, length }
}

const valuesIn = (attributes: string): Record<string, string> =>
  Object.fromEntries(
    [...attributes.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g)].map(([, key = '', a, b, c]) => [
      key,
      a ?? b ?? c ?? '',
    ]),
  )
