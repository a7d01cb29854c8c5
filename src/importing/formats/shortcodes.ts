import { isImageUrl, isWebUrl } from '../../body/url.ts'
import { pathOfNamed } from './file-paths.ts'

// What a shortcode of Hugo or a tag of Jekyll stands for, as Markdown.

export interface Shortcode {
  name: string
  /** By name, and in their order those without one. */
  named: Record<string, string>
  plain: string[]
}

/** A shortcode by what stands inside its braces. */
export function parsed(inner: string): Shortcode {
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

/** So that what a shortcode says is text and nothing else. */
const escaped = (text: string): string => onOneLine(text).replaceAll(/[\\`*_[\]<>#|~!&]/g, '\\$&')
const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
/** Some sites write Markdown in what a shortcode says; it is read where it surely is some. */
const said = (text: string): string => (/\*\*[^*]+\*\*|\]\(https?:/.test(text) ? onOneLine(text) : escaped(text))

/** What readers see of it; `isWhole` is false where something that it says is not shown. */
export interface Shown {
  markdown: string
  isWhole: boolean
}

/** Programs of Jekyll: what they do is done when a page is made. */
const PROGRAM =
  /^(?:assign|break|capture|case|continue|cycle|decrement|else|elsif|for|if|include|include_relative|increment|layout|render|tablerow|unless|when)$/
const WORDS = [
  ...['kicker', 'title', 'heading', 'subtitle', 'caption', 'alt', 'text', 'quote', 'content', 'description', 'intro'],
  ...['label', 'credit', 'cite', 'author', 'attribution', 'attr', 'button-text'],
]
/** What says how something looks. */
const LOOKS = /^(?:align|class|color|height|icon|id|lang|loading|position|rel|size|style|target|type|variant|width)$/i
const PICTURE = /im(?:g|age)|figure|picture|photo/
/** Whether a shortcode of this name shows a picture. */
export const isPicture = (name: string): boolean => PICTURE.test(name)
const PICTURE_FILE = /\.(?:avif|gif|jpe?g|png|svg|webp)(?=$|[?#])/i

/** `isPair` says that its end stands further down. `file` is the document in which it stands. */
export function shown(code: Shortcode, inner: string, isPair: boolean, file: string): Shown {
  const { name, named, plain } = code
  const [first = ''] = plain
  const whole = (markdown: string): Shown => ({ markdown, isWhole: true })
  if (isReference(name)) {
    const target = named.path ?? first
    return { markdown: pathOfNamed(target, file), isWhole: isSaid(code, [target]) }
  }
  const player = playerOf(code)
  if (player !== undefined) {
    const shows = Object.values(named)
      .concat(plain)
      .filter((value) => player.includes(value))
    return { markdown: `\n\n${player}\n\n`, isWhole: isSaid(code, shows) }
  }
  const values = WORDS.flatMap((word) => named[word] || [])
  const sentences = plain.filter((text) => /\s/.test(text))
  const words = [...new Set([...values, ...sentences])].map(said).join(' — ')
  const address = named.src ?? named.image ?? first
  const isFile =
    PICTURE_FILE.test(address) &&
    (isWebUrl(address) || (isImageUrl(address) && (address.startsWith('/') || name === 'figure')))
  const used = new Set([...values, ...sentences])
  let markdown = words
  const link = [named.href, named.url, named.src, first].find((each) => each !== undefined && isWebUrl(each))
  if (isFile) {
    const { alt, caption } = named
    const below = [...used].filter((text) => text !== (alt ?? caption)).map(said)
    markdown = `![${escaped(alt ?? caption ?? '')}](<${address}>)${below.length > 0 ? `\n\n${below.join(' — ')}` : ''}`
    used.add(address)
  } else if (link !== undefined) {
    markdown = `[${words || escaped(link)}](<${link}>)`
    used.add(link)
  }
  // A picture stands apart from the words after it; its own words should too.
  else if (PICTURE.test(name) && words !== '') markdown = `${words} `
  const isWhole = isSaid(code, [...used])
  if (markdown !== '') return { markdown, isWhole }
  if (isPair || PROGRAM.test(name) || PICTURE.test(name) || isWhole) return { markdown, isWhole }
  return whole(escaped(`{${inner}}`))
}

/** Whether a shortcode says nothing but these, and how it looks. */
export function isSaid({ named, plain }: Shortcode, said: string[]): boolean {
  const all = [...plain, ...Object.entries(named).flatMap(([key, value]) => (LOOKS.test(key) ? [] : [value]))]
  return all.every((text) => text === '' || said.includes(text))
}

/** Whether it is the end of a pair: what stands before it is text of its own. */
export const isEnd = (source: string): boolean => /^\{\{[<%]-?\s*\/|^\{%-?\s*end\w+\s*-?%\}$/.test(source)

/** Whether it names a document of the same site. */
export const isReference = (name: string): boolean => /^(?:ref|relref|post_url|link)$/.test(name)

/** The address of what plays or shows something from elsewhere. */
function playerOf({ name, named, plain: [first = '', second = ''] }: Shortcode): string | undefined {
  const isInclude = name === 'include'
  const id = named.id ?? (isInclude ? '' : first)
  if (id === '' && named.url === undefined) return undefined
  const [player = name] = /youtube|vimeo/.exec(named.provider ?? (isInclude ? first : '')) ?? []
  if (player === 'youtube') return `https://www.youtube.com/watch?v=${id}`
  if (player === 'vimeo') return `https://vimeo.com/${id}`
  if (name === 'instagram') return `https://www.instagram.com/p/${id}/`
  if (name === 'gist') return `https://gist.github.com/${[id, second].filter(Boolean).join('/')}`
  if (name !== 'tweet' && name !== 'x' && name !== 'twitter') return undefined
  if (isWebUrl(named.url ?? first)) return named.url ?? first
  return `https://twitter.com/${named.user ?? 'i'}/status/${id}`
}
