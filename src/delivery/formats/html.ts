import type { Element, ElementContent, Properties, Root } from 'hast'
import { library } from '../../shared/first-use.ts'
import type { Article } from '../schema.ts'
import { type Link, titled } from './text.ts'

const writer = library<typeof import('hast-util-to-html')>('hast-util-to-html')

/** One column that can be read on any screen. */
const STYLE =
  'body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.125rem/1.6 Georgia,serif}h1{line-height:1.2}img{max-width:100%;height:auto}figure{margin:1.5rem 0}figcaption,.meta,aside{font-size:.875rem}.standfirst{font-size:1.25rem}'

type Child = ElementContent | string | undefined

/** Text and attributes are escaped when the tree is written. What is undefined is left out. */
const h = (tagName: string, properties: Properties, ...children: Child[]): Element => ({
  type: 'element',
  tagName,
  properties,
  children: children
    .filter((child) => child !== undefined)
    .map((child) => (typeof child === 'string' ? { type: 'text', value: child } : child)),
})

/** An element with a text, if there is one. */
const said = (tagName: string, properties: Properties, text: string | null | undefined): Element | undefined =>
  text ? h(tagName, properties, text) : undefined

/** An article as a document of its own, with nothing in it that runs. */
export function toHtml(article: Article): string {
  const { language: lang, bodyHtml = '', headlines = [] } = article
  const page = h(
    'html',
    // Which way the letters run, the browser sees from the first of them.
    { lang, dir: 'auto' },
    h('head', {}, ...head(article)),
    h(
      'body',
      {},
      h(
        'article',
        {},
        h('header', {}, ...above(article)),
        picture(article),
        { type: 'raw', value: bodyHtml },
        ...article.corrections.map(correction),
        source(article),
      ),
      headlines.length > 0 ? h('nav', {}, list(headlines)) : undefined,
    ),
  )
  const root: Root = { type: 'root', children: [{ type: 'doctype' }, page] }
  // What is raw is the body alone, which was made of blocks and is safe to insert.
  return `${writer().toHtml(root, { allowDangerousHtml: true })}\n`
}

function head(article: Article): Child[] {
  const { headline, standfirst, canonicalUrl, url, image, byline, authors, tags, section } = article
  const canonical = canonicalUrl ?? url
  const named: [string, string | null | undefined][] = [
    ['description', standfirst],
    ['author', byline],
    ['keywords', tags.map(({ name }) => name).join(', ')],
  ]
  const open: [string, string | null | undefined][] = [
    ['og:type', 'article'],
    ['og:title', headline],
    ['og:description', standfirst],
    ['og:url', canonical],
    ['og:image', image?.url],
    ['og:image:alt', image?.alt],
    ['article:published_time', article.publishedAt],
    ['article:modified_time', article.updatedAt],
    ['article:section', section?.name],
    ...tags.map(({ name }): [string, string] => ['article:tag', name]),
  ]
  return [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('title', {}, headline),
    h('link', { rel: ['canonical'], href: canonical }),
    ...authors.map(({ url }) => (url === undefined ? undefined : h('link', { rel: ['author'], href: url }))),
    ...named.map(([name, content]) => (content ? h('meta', { name, content }) : undefined)),
    ...open.map(([property, content]) => (content ? h('meta', { property, content }) : undefined)),
    h('style', {}, STYLE),
  ]
}

/** What stands above the text. The few words that nobody wrote are English and marked as such. */
function above(article: Article): Child[] {
  const { publishedAt, updatedAt, embargoedUntil } = article
  return [
    embargoedUntil === undefined ? undefined : stamp('embargo', 'Embargoed until', embargoedUntil),
    said('p', { className: ['kicker'] }, article.kicker),
    h('h1', {}, article.headline),
    said('p', { className: ['standfirst'] }, article.standfirst),
    said('p', { className: ['meta', 'byline'] }, article.byline),
    said('p', { className: ['meta', 'dateline'] }, article.dateline),
    stamp('published', 'Published', publishedAt),
    updatedAt === publishedAt ? undefined : stamp('updated', 'Updated', updatedAt),
  ]
}

const time = (instant: string) =>
  h('time', { dateTime: instant }, instant.replace('T', ' ').replace(/:\d\d\..*/, ' UTC'))
const stamp = (name: string, label: string, instant: string) =>
  h('p', { className: ['meta', name] }, h('span', { lang: 'en' }, label), ' ', time(instant))

function picture({ image }: Article): Child {
  if (image === null) return undefined
  const { url, alt, width, height, caption, credit } = image
  const below = [caption, caption && credit ? ' ' : undefined, said('cite', { dataCredit: '' }, credit)]
  return h(
    'figure',
    {},
    h('img', { src: url, alt, width, height }),
    caption || credit ? h('figcaption', {}, ...below) : undefined,
  )
}

const correction = ({ kind, text, publishedAt }: Article['corrections'][number]) =>
  h(
    'aside',
    { className: ['correction'], dataKind: kind },
    h('p', {}, h('strong', { lang: 'en' }, titled(kind)), ' ', time(publishedAt)),
    h('p', {}, text),
  )

function source({ source }: Article): Child {
  if (source === null) return undefined
  const name = source.url === undefined ? source.name : h('a', { href: source.url }, source.name)
  return h('footer', { className: ['meta'] }, h('span', { lang: 'en' }, 'Source'), ' ', h('cite', {}, name))
}

const list = (links: Link[]): Element =>
  h(
    'ul',
    {},
    ...links.map(({ headline, kicker, url, sublinks }) =>
      h(
        'li',
        {},
        kicker === undefined ? undefined : h('span', { className: ['kicker'] }, `${kicker}: `),
        url === null ? headline : h('a', { href: url }, headline),
        sublinks === undefined ? undefined : list(sublinks),
      ),
    ),
  )
