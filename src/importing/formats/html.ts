import { parsePage } from '../../body/parse-html.ts'
import { BodyTooDeep } from '../../body/too-deep.ts'
import { strangeIn } from '../losses.ts'
import { instantOf } from './dates.ts'
import { unstorable, wholeText } from './encoding.ts'
import { type ArticleRecord, type Format, SourceFault } from './format.ts'
import { linkedData } from './linked-data.ts'
import { hasNone, tellKinds } from './markdown-kinds.ts'
import { attribute, commentsIn, type Element, elementsIn, innerHtml, lineOf, removeAll } from './page.ts'

// A page of HTML as an article: what its head says of it, and the text of <article>, <main> or <body>.

export const html: Format = {
  name: 'html',
  description: 'Pages of HTML, one article each',
  recognises: ({ name, head }) => /\.x?html?$/i.test(name) || /^\s*(?:<!doctype html|<html)/i.test(latin(head, 1_000)),
  isOneRecord: true,
  async *read(source, { encoding }) {
    try {
      const declared = declaredIn(source.head)
      const text = await wholeText(source, { declared, encoding })
      const fault = unstorable(text)
      if (fault !== undefined) throw new SourceFault(`the page cannot be stored as it is: ${fault}`)
      const [misread] = (declared !== undefined && !/^utf/i.test(declared) && MISREAD.exec(text)) || []
      const doubts = misread ? [`It says that it is in ${declared}, but looks like UTF-8, as in "${misread}"`] : []
      const record = recordOf(source.name, text, doubts)
      // Afterwards it cannot be seen any more.
      yield { ...record, warnings: [...record.warnings, ...strangeIn(text)] }
    } catch (error) {
      if (!(error instanceof SourceFault) && !(error instanceof BodyTooDeep)) throw error
      const line = error instanceof SourceFault ? error.line : undefined
      yield { kind: 'failed', line, why: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.` }
    }
  },
}

const latin = (bytes: Uint8Array, most: number): string => Buffer.from(bytes.subarray(0, most)).toString('latin1')

/** What letters outside of ASCII become where UTF-8 is read as an encoding of one byte for each letter. */
const MISREAD = /Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|â€[\u0090-\u00ff\u2010-\u2122]/

/** The encoding that a page names. That it could be read shows that it is not UTF-16, whatever it says: it counts as UTF-8, as in a browser. */
function declaredIn(bytes: Uint8Array): string | undefined {
  const head = latin(bytes, 4_096)
  const [, named] =
    /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) ??
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/i.exec(head) ??
    []
  return named !== undefined && /^utf-?16/i.test(named) ? 'utf-8' : named
}

/** What stands around the text of a page and is no part of it. */
const AROUND = new Set(['nav', 'header', 'footer', 'aside', 'form'])

function recordOf(name: string, text: string, doubts: string[]): ArticleRecord {
  const page = parsePage(text)
  const elements = [...elementsIn(page)]
  const first = (...tags: string[]) => tags.flatMap((tag) => elements.find(({ tagName }) => tagName === tag) ?? [])[0]
  const meta = metaOf(elements)
  const data = linkedData(elements)
  const warnings: string[] = []
  const derived: string[] = []
  const whole = first('article', 'main', 'body')
  const title = first('h1')
  const headline = data.headline ?? meta('og:title') ?? (title && lineOf(title)) ?? lineOf(first('title') ?? none)
  if (whole !== undefined) {
    const isPart = whole.tagName !== 'body'
    const inside = [...elementsIn(whole)]
    const within = new Set(inside)
    removeAll(inside.filter(({ tagName }) => tagName === 'script' || tagName === 'style'))
    // The headline is a field of its own; said twice it would be read twice.
    removeAll(inside.filter((each) => each === title && lineOf(each) === headline))
    if (isPart && elements.some((each) => !within.has(each) && !isAround(each, whole) && ownText(each) !== '')) {
      warnings.push(`Only the text of <${whole.tagName}> was taken; the page has more around it.`)
    }
    if (!isPart) removeAll(inside.filter(({ tagName }) => AROUND.has(tagName)))
  }
  if (whole !== undefined) {
    const kinds = new Set([...elementsIn(whole)].flatMap(({ tagName }) => (hasNone(tagName) ? `<${tagName}>` : [])))
    warnings.push(...tellKinds(kinds))
    const comments = commentsIn(whole).length
    if (comments > 0) warnings.push(`Its comments are left out: ${comments}.`)
  }
  const authors = [...data.authors, ...meta.all('article:author', 'author')].filter((each) => !/^https?:/.test(each))
  const section = data.section ?? meta('article:section')
  const canonical = attribute(
    elements.find((each) => each.tagName === 'link' && attribute(each, 'rel') === 'canonical') ?? none,
    'href',
  )
  const imageUrl = data.image ?? meta('og:image')
  const published =
    data.published ??
    meta('article:published_time', 'date', 'dc.date') ??
    attribute(elements.find((each) => isPublished(each, whole)) ?? none, 'datetime')
  const publishedAt = instantOf(published)
  const updatedAt = instantOf(data.modified ?? meta('article:modified_time', 'last-modified'))
  if (headline === '') doubts.push('It has no title')
  if (whole === undefined || isEmpty(whole)) doubts.push('It has no text')
  if (published === undefined) doubts.push('It has no date')
  else if (publishedAt === undefined) doubts.push(`Its date "${published}" is no date that can be read`)
  warnings.push(...doubts.map((why) => `${why}: it comes as a draft.`))
  const address = canonical ?? meta('og:url')
  return {
    kind: 'article',
    id: name,
    externalId: `file:${name}`,
    fields: {
      headline,
      slug: slugOf(address, name),
      ...(meta('description', 'og:description') && { standfirst: meta('description', 'og:description') }),
      ...(attribute(first('html') ?? none, 'lang') && { language: attribute(first('html') ?? none, 'lang') }),
      ...(section && { section: { name: section } }),
      ...(imageUrl && { image: { url: imageUrl, alt: meta('og:image:alt') ?? '' } }),
      tags: [
        ...new Set([
          ...data.keywords,
          ...meta.all('article:tag'),
          ...(meta('keywords', 'news_keywords')?.split(',') ?? []),
        ]),
      ]
        .map((tag) => ({ name: tag.trim() }))
        .filter((tag) => tag.name !== ''),
      authors: [...new Set(authors)].map((author) => ({ name: author })),
    },
    body: { html: whole === undefined ? '' : innerHtml(whole) },
    derived,
    publication: doubts.length > 0 ? { state: 'draft' } : { state: 'published', publishedAt, updatedAt },
    formerAddresses: address === undefined ? [] : [address],
    links: [],
    warnings,
  }
}

const none: Element = { attrs: [], childNodes: [] } as unknown as Element

/** Whether there is nothing to read or to see in it. */
const isEmpty = (whole: Element): boolean =>
  lineOf(whole) === '' && ![...elementsIn(whole)].some(({ tagName }) => SEEN.has(tagName))
const SEEN = new Set(['img', 'iframe', 'video', 'audio', 'embed'])

/** Whether it tells when the page was published: by what it says of itself, or as it stands above the text. A date in the text may be any. */
function isPublished(time: Element, whole: Element | undefined): boolean {
  if (time.tagName !== 'time' || attribute(time, 'datetime') === undefined) return false
  if (attribute(time, 'itemprop') === 'datePublished' || attribute(time, 'pubdate') !== undefined) return true
  if (/(?:^|[\s_-])published(?:$|\s)|entry-date/.test(attribute(time, 'class') ?? '')) return true
  const above = ancestorsOf(time)
  return above.some(({ tagName }) => tagName === 'header') && whole?.tagName !== 'body' && above.includes(whole ?? none)
}

/** The elements around it, the nearest first. */
function ancestorsOf({ parentNode }: Element): Element[] {
  const found: Element[] = []
  for (let up = parentNode; up !== null && 'tagName' in up; up = up.parentNode) found.push(up)
  return found
}

/** What the <meta> elements of a page say: the first of these names that says something. */
function metaOf(elements: Element[]) {
  const all = elements
    .filter(({ tagName }) => tagName === 'meta')
    .map(
      (each) =>
        [
          (attribute(each, 'property') ?? attribute(each, 'name') ?? '').toLowerCase(),
          attribute(each, 'content')?.trim(),
        ] as const,
    )
  const named = (...names: string[]): string[] =>
    names.flatMap((name) => all.flatMap(([key, value]) => (key === name && value ? [value] : [])))
  return Object.assign((...names: string[]): string | undefined => named(...names)[0], { all: named })
}

const slugOf = (address: string | undefined, name: string): string => {
  const path = address === undefined ? name : (URL.parse(address, 'http://page.invalid')?.pathname ?? name)
  const parts = path.replace(/\/(?:index\.\w+)?$/, '').split('/')
  return (parts.at(-1) || name).replace(/\.\w{2,5}$/, '')
}

const ownText = ({ childNodes }: Element): string =>
  childNodes
    .map((each) => (each.nodeName === '#text' && 'value' in each ? each.value : ''))
    .join('')
    .trim()

/** Whether it holds the text, or is of the kind that stands around one, or of the head. */
function isAround(element: Element, whole: Element): boolean {
  if (['script', 'style', 'title', 'noscript', 'template'].includes(element.tagName)) return true
  if ([element, ...ancestorsOf(element)].some(({ tagName }) => AROUND.has(tagName) || tagName === 'head')) return true
  return ancestorsOf(whole).includes(element)
}
