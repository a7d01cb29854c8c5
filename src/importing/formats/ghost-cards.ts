import { fromMarkdown } from '../../body/from-markdown.ts'
import { toHtml } from '../../body/to-html.ts'

// The cards of Ghost's editors as HTML, as far as they say something.

export type Values = Record<string, unknown>

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const p = (html: string): string => (html === '' ? '' : `<p>${html}</p>`)
const linked = (href: string, words: string): string =>
  href === '' ? p(escaped(words)) : p(`<a href="${escaped(href)}">${escaped(words || href)}</a>`)

function figure(image: Values): string {
  const src = text(image.src)
  if (src === '') return p(text(image.caption))
  const img = `<img src="${escaped(src)}" alt="${escaped(text(image.alt))}">`
  return `<figure>${img}${text(image.caption) === '' ? '' : `<figcaption>${text(image.caption)}</figcaption>`}</figure>`
}

function embed(card: Values): string {
  const url = text(card.url)
  const shown = url === '' ? text(card.html) : `<figure data-embed="${escaped(url)}">${escaped(url)}</figure>`
  return shown + p(text(card.caption))
}

const file = (card: Values): string =>
  linked(text(card.src), text(card.fileTitle) || text(card.title) || text(card.fileName)) +
  p(escaped(text(card.fileCaption))) +
  p(text(card.caption))

function bookmark(card: Values): string {
  const about = (card.metadata ?? {}) as Values
  return (
    linked(text(card.url) || text(about.url), text(about.title) || text(card.title)) +
    p(escaped(text(about.description))) +
    p(text(card.caption))
  )
}

const cards: Record<string, (card: Values) => string> = {
  image: figure,
  gallery: (card) =>
    (Array.isArray(card.images) ? card.images.map((each) => figure(each as Values)).join('') : '') +
    p(text(card.caption)),
  html: (card) => text(card.html),
  markdown: (card) => toHtml(fromMarkdown(text(card.markdown))),
  'card-markdown': (card) => toHtml(fromMarkdown(text(card.markdown))),
  code: (card) => `<pre><code>${escaped(text(card.code))}</code></pre>${p(text(card.caption))}`,
  embed,
  bookmark,
  hr: () => '<hr>',
  callout: (card) => p(text(card.calloutText) || text(card.text)),
  toggle: (card) => `<h4>${text(card.heading)}</h4>${text(card.content)}`,
  button: (card) => linked(text(card.buttonUrl), text(card.buttonText)),
  audio: file,
  video: file,
  file,
  product: (card) =>
    `<h4>${text(card.productTitle)}</h4>${text(card.productDescription)}${text(card.productUrl) === '' ? '' : linked(text(card.productUrl), text(card.productButton))}`,
  header: (card) => `<h2>${text(card.header)}</h2>${p(text(card.subheader))}`,
  email: (card) => text(card.html),
  'email-cta': (card) => text(card.html),
  paywall: () => '',
}
cards.codeblock = cards.code as (card: Values) => string
cards.horizontalrule = cards.hr as (card: Values) => string

/** A card as HTML. One that is not known leaves its texts, and is told. */
export function cardHtml(name: string, card: Values, warnings: string[]): string {
  const known = Object.hasOwn(cards, name) ? cards[name] : undefined
  if (known) return known(card)
  warnings.push(`The card "${name}" is not known; its text is kept.`)
  return textsIn(card)
    .map((each) => p(each))
    .join('')
}

/** Texts that somebody wrote, not names and addresses. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /\s/.test(value.trim()) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
