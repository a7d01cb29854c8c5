import { attribute, type Element } from './page.ts'

/** What the JSON-LD of a page (schema.org, NewsArticle and its like) says of the article. */
export interface LinkedData {
  headline?: string
  published?: string
  modified?: string
  section?: string
  image?: string
  authors: string[]
  keywords: string[]
}

const ARTICLE = /(?:Article|BlogPosting|Report)$/

export function linkedData(elements: Element[]): LinkedData {
  const scripts = elements.filter(
    (each) => each.tagName === 'script' && attribute(each, 'type')?.toLowerCase() === 'application/ld+json',
  )
  const found = scripts.flatMap(({ childNodes }) => {
    try {
      const text = childNodes.map((each) => ('value' in each ? each.value : '')).join('')
      return nodesIn(JSON.parse(text))
    } catch {
      // Pages often have such that nobody can read; what is visible counts then.
      return []
    }
  })
  const article = found.find((node) => [node['@type']].flat().some((type) => ARTICLE.test(String(type))))
  if (article === undefined) return { authors: [], keywords: [] }
  const text = (name: string) =>
    typeof article[name] === 'string' && article[name] !== '' ? { [name]: article[name] } : {}
  const {
    headline,
    datePublished: published,
    dateModified: modified,
    articleSection,
  } = {
    ...text('headline'),
    ...text('datePublished'),
    ...text('dateModified'),
    ...text('articleSection'),
  } as Record<string, string>
  const [image] = namesIn(article.image, 'url')
  return {
    ...(headline && { headline }),
    ...(published && { published }),
    ...(modified && { modified }),
    ...(articleSection && { section: articleSection }),
    ...(image && { image }),
    authors: namesIn(article.author, 'name'),
    keywords: typeof article.keywords === 'string' ? article.keywords.split(',') : namesIn(article.keywords, 'name'),
  }
}

type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

const nodesIn = (value: unknown): Node[] =>
  [value].flat().flatMap((each) => (isNode(each) ? [each, ...[each['@graph'] ?? []].flat().filter(isNode)] : []))

/** Texts, or what nodes are called, of one or several. */
const namesIn = (value: unknown, name: string): string[] =>
  [value].flat().flatMap((each) => {
    const text = isNode(each) ? each[name] : each
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : []
  })
