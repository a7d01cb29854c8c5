import { fromMarkdown } from '../../body/from-markdown.ts'
import { toHtml } from '../../body/to-html.ts'
import { isObject } from '../../shared/json.ts'

// The cards of Ghost's editors (pictures, bookmarks, buttons, …) as HTML. Both editors give them the same names and members.

/** What is said of a post while its text is converted. */
export interface Saying {
  /** What could not be kept as it was; each is said once. */
  warn: (sentence: string) => void
  /** Text that was never on the page, for the notes. */
  note: (text: string) => void
  /** A part of the text was for members only: the post must not become public. */
  gated: () => void
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const string = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** Members that Ghost holds as HTML; what has no markup is text with entities, which reads the same. */
const html = (value: unknown): string => string(value)
const paragraph = (inner: string): string => (inner.trim() === '' ? '' : `<p>${inner}</p>`)
const link = (url: unknown, inner: string): string => {
  const href = string(url)
  if (href === '') return inner
  return `<a href="${escaped(href)}">${inner === '' ? escaped(href) : inner}</a>`
}
const caption = (value: unknown): string => (html(value).trim() === '' ? '' : `<figcaption>${html(value)}</figcaption>`)

function image(payload: Record<string, unknown>): string {
  const src = string(payload.src)
  if (src === '') return paragraph(html(payload.caption))
  const img = `<img src="${escaped(src)}" alt="${escaped(string(payload.alt))}">`
  return `<figure>${img}${caption(payload.caption)}</figure>`
}

function gallery({ images, caption: below }: Record<string, unknown>): string {
  const pictures = Array.isArray(images) ? images.filter(isObject).map(image) : []
  return pictures.join('') + paragraph(html(below))
}

/** An address that shows something: the player's, out of the provider's HTML, or else the page's. */
function embed({ url, html: provided, caption: below, metadata }: Record<string, unknown>): string {
  const player = /<iframe[^>]{0,2000}?\ssrc="(https?:[^"]{1,2000})"/i.exec(string(provided).slice(0, 20_000))?.[1]
  const address = string(url) || player?.replaceAll('&amp;', '&')
  if (!address) return html(provided) + paragraph(html(below))
  const title = isObject(metadata) ? string(metadata.title) : ''
  return `<iframe src="${escaped(address)}" title="${escaped(title)}"></iframe>${paragraph(html(below))}`
}

function bookmark({ url, metadata, caption: below }: Record<string, unknown>): string {
  const { title, description, author, publisher, url: other } = isObject(metadata) ? metadata : {}
  const by = [author, publisher].map(string).filter((each) => each !== '')
  return (
    paragraph(link(url || other, escaped(string(title)))) +
    paragraph(escaped(string(description))) +
    paragraph(escaped(by.join(', '))) +
    paragraph(html(below))
  )
}

function code({ code: text, language, caption: below }: Record<string, unknown>): string {
  const name = /^[\w+#.-]{1,40}$/.test(string(language)) ? ` class="language-${string(language)}"` : ''
  return `<pre><code${name}>${escaped(string(text))}</code></pre>${paragraph(html(below))}`
}

const button = ({ buttonText, buttonUrl }: Record<string, unknown>) =>
  paragraph(link(buttonUrl, escaped(string(buttonText))))

/** Sound, film and other files are links: a body holds none of them. */
const file = (title: unknown, { src, caption: below }: Record<string, unknown>) =>
  paragraph(link(src, escaped(string(title)))) + paragraph(html(below))

function header(payload: Record<string, unknown>): string {
  const heading = html(payload.header ?? payload.heading)
  const below = html(payload.subheader ?? payload.subheading)
  return (heading.trim() === '' ? '' : `<h2>${heading}</h2>`) + paragraph(below) + button(payload)
}

function product(payload: Record<string, unknown>): string {
  const picture = payload.productImageSrc ? image({ src: payload.productImageSrc }) : ''
  const stars = payload.productRatingEnabled ? paragraph(`${escaped(string(payload.productStarRating))}/5`) : ''
  const buy = paragraph(link(payload.productUrl, escaped(string(payload.productButton))))
  return `${picture}<h4>${html(payload.productTitle)}</h4>${stars}${html(payload.productDescription)}${buy}`
}

const CARDS: Record<string, (payload: Record<string, unknown>) => string> = {
  image,
  gallery,
  embed,
  bookmark,
  code,
  button,
  header,
  product,
  codeblock: code,
  hr: () => '<hr>',
  horizontalrule: () => '<hr>',
  html: (payload) => html(payload.html),
  markdown: (payload) => markdown(payload),
  'card-markdown': (payload) => markdown(payload),
  callout: (payload) =>
    `<blockquote><p>${escaped(string(payload.calloutEmoji))} ${html(payload.calloutText)}</p></blockquote>`,
  toggle: ({ heading, content }) => `<h4>${html(heading)}</h4>${inBlock(html(content))}`,
  audio: (payload) => file(payload.title || 'Audio', payload),
  video: (payload) => file(payload.title || payload.fileName || 'Video', payload),
  file: (payload) => file(payload.fileTitle || payload.fileName, { ...payload, caption: payload.fileCaption }),
  'call-to-action': (payload) =>
    (payload.imageUrl ? image({ src: payload.imageUrl }) : '') + inBlock(html(payload.textValue)) + button(payload),
  paywall: () => '',
}
const IN_MAIL = new Set(['email', 'email-cta'])
const CHANGED = new Set(['audio', 'video', 'file'])

const markdown = (payload: Record<string, unknown>) => toHtml(fromMarkdown(string(payload.markdown)))
const inBlock = (inner: string) => (/^\s*</.test(inner) ? inner : paragraph(inner))

/** A card by its name. What is not known is told, and its text kept. */
export function cardHtml(name: string, payload: Record<string, unknown>, say: Saying): string {
  if (IN_MAIL.has(name)) {
    say.warn('A part that was in the e-mail only is in the notes.')
    say.note(wordsIn(payload).join('\n'))
    return ''
  }
  if (isForMembers(payload.visibility)) say.gated()
  if (name === 'image' && payload.href) say.warn('A picture is kept without its link.')
  if (CHANGED.has(name)) say.warn(`A card of the kind "${name}" is kept as a link.`)
  const known = Object.hasOwn(CARDS, name) ? CARDS[name] : undefined
  if (known) return known(payload)
  say.warn(`A card of the kind "${name.slice(0, 60)}" is not known: its text is kept.`)
  return wordsIn(payload)
    .map((text) => (/<[a-z]/i.test(text) ? `<div>${text}</div>` : paragraph(escaped(text))))
    .join('')
}

/** Since Ghost 5.100 a card can be for members only. */
function isForMembers(visibility: unknown): boolean {
  if (!isObject(visibility)) return false
  const { web, showOnWeb } = visibility
  return showOnWeb === false || (isObject(web) && web.nonMember === false)
}

/** Names of members that say how a card looks. */
const SETTINGS =
  /^(?:type|version|format|mode|direction|indent|visibility|id|style|size|width|height|layout|.*(?:Color|Alignment|Style|Size|Width|Height|Layout|Id|MimeType))$/
/** One with several words is a text, whatever it is called. */
const isSetting = (name: string, value: unknown) =>
  SETTINGS.test(name) && !(typeof value === 'string' && /\S\s+\S/.test(value))

/** All texts of a card that is not known, but for how it looks. */
function wordsIn(payload: unknown): string[] {
  if (typeof payload === 'string') return payload.trim() === '' ? [] : [payload]
  if (typeof payload !== 'object' || payload === null) return []
  return Object.entries(payload).flatMap(([name, value]) => (isSetting(name, value) ? [] : wordsIn(value)))
}
