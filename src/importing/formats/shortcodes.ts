// Shortcodes of Hugo ({{< … >}}, {{% … %}}) and tags of Jekyll ({% … %}) as Markdown: what they stand for where that is known, else
// what they say. Code is left alone, where they are shown and not meant.

interface Shortcode {
  name: string
  /** By name, and in their order those without one. */
  named: Record<string, string>
  plain: string[]
}

const CODE = String.raw`^(?: {0,3})(?<fence>\`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\k<fence>[\`~]*[ \t]*$|(?![\s\S]))|(?<ticks>\`+)(?!\`)[^\n]*?(?<!\`)\k<ticks>(?!\`)`
const HUGO = String.raw`\{\{[<%]-?\s*(?<hugo>[^\n]{0,2000}?)\s*-?[>%]\}\}`
const JEKYLL = String.raw`\{%-?\s*(?<jekyll>[^\n]{0,2000}?)\s*-?%\}`
const ALL = new RegExp(`${CODE}|${HUGO}|${JEKYLL}`, 'gm')

/** The text with its shortcodes as Markdown; their names go to `warnings`, each once. */
export function withoutShortcodes(text: string, warnings: string[]): string {
  if (!text.includes('{{') && !text.includes('{%')) return text
  const told = new Set<string>()
  const pairs = new Set([...text.matchAll(/\{[{%][<%]?-?\s*\/([\w-]+)/g)].map(([, name]) => name))
  const result = text.replaceAll(ALL, (whole, ...rest: unknown[]) => {
    const { hugo, jekyll } = rest.at(-1) as { hugo?: string; jekyll?: string }
    const at = rest.at(-3) as number
    const inner = hugo ?? jekyll
    if (inner === undefined || inner === '' || inner.startsWith('/*')) return whole
    const code = parsed(inner)
    told.add(code.name)
    // An address, whatever it is called: a link to nowhere is better than its signs in the text.
    if (text.slice(at - 2, at) === '](') return pathOf(code.plain[0] ?? code.named.src ?? code.name)
    return markdownOf(code, inner, pairs.has(code.name))
  })
  for (const name of told) warnings.push(`The shortcode "${name}" is kept as text or as what it stands for.`)
  return result
}

function parsed(inner: string): Shortcode {
  const [name = '', ...words] = inner.match(/(?:[^\s"'=]+=)?(?:"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|[^\s"'`]+)/g) ?? []
  const named: Record<string, string> = {}
  const plain: string[] = []
  for (const word of words) {
    const [, key, value = ''] = /^([\w-]+)=([\s\S]*)$/.exec(word) ?? []
    if (key === undefined) plain.push(unquoted(word))
    else named[key] = unquoted(value)
  }
  return { name, named, plain }
}

const unquoted = (text: string): string => text.replace(/^(["'`])([\s\S]*)\1$/, '$2').replaceAll('\\"', '"')

const isAddress = (text: string | undefined): text is string => text !== undefined && /^https?:\/\/\S+$/.test(text)
/** So that what a shortcode says is text and nothing else. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|~!&]/g, '\\$&')

function markdownOf({ name, named, plain }: Shortcode, inner: string, isPair: boolean): string {
  const [first = ''] = plain
  // Both ends of a pair: what stands between them is text of its own.
  if (name.startsWith('/') || name.startsWith('end')) return ''
  if (name === 'ref' || name === 'relref' || name === 'post_url' || name === 'link') return pathOf(first)
  if (name === 'youtube') return `\n\nhttps://www.youtube.com/watch?v=${named.id ?? first}\n\n`
  if (name === 'vimeo') return `\n\nhttps://vimeo.com/${named.id ?? first}\n\n`
  if (name === 'tweet' || name === 'x' || name === 'twitter') {
    if (isAddress(named.url ?? first)) return `\n\n${named.url ?? first}\n\n`
    return `\n\nhttps://twitter.com/${named.user ?? 'i'}/status/${named.id ?? first}\n\n`
  }
  const { src, alt, caption, title, href } = named
  const address = src ?? first
  const words = [title, caption, alt, named.text, named.credit].filter(
    (text) => text !== undefined && text !== '',
  ) as string[]
  const said = [...new Set(words)].map(escaped).join(' — ')
  if (isAddress(address) && /\.(?:avif|gif|jpe?g|png|svg|webp)\b/i.test(address)) {
    return `![${escaped(alt ?? caption ?? '')}](<${address}>)${caption && caption !== alt ? `\n\n${escaped(caption)}` : ''}`
  }
  if (isAddress(href)) return `[${said || escaped(href)}](<${href}>)`
  // A picture stands apart from the words after it; its own words should too.
  if (said !== '') return /im(?:g|age)|figure|picture/.test(name) ? `${said} ` : said
  const others = [...plain, ...Object.values(named)].filter((text) => text !== '')
  // A pair's beginning without words of its own: what stands between is the text.
  if (others.length === 0 || isPair) return ''
  return escaped(`{${inner}}`)
}

/** The address of a page of the same site that was named by its file. */
const pathOf = (name: string): string =>
  `/${name.replace(/^\/+/, '').replace(/(?:\/_?index)?\.(?:md|html)(?=#|$)/, '')}`.replaceAll(' ', '%20')
