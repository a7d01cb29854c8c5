import type { Article } from '../schema.ts'
import type { Site } from '../site.ts'
import type { NewsArticle } from './schema.ts'
import { titled } from './text.ts'

/** An article as JSON-LD in the words of schema.org. It can stand in a script element as it is: it holds no `<`. */
export const toJsonLd = (article: Article, { publisher }: Partial<Pick<Site, 'publisher'>> = {}): string =>
  JSON.stringify(newsArticle(article, publisher)).replaceAll(
    /[<\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function newsArticle(article: Article, publisher: Site['publisher']): NewsArticle {
  const { canonicalUrl, image, source, tags, embargoedUntil } = article
  const known = tags.flatMap(({ name, uri }) => (uri === undefined ? [] : [thing('Thing', { name, sameAs: uri })]))
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    '@id': `urn:uuid:${article.id}`,
    url: article.url,
    mainEntityOfPage: canonicalUrl ?? article.url,
    identifier: article.id,
    inLanguage: article.language,
    headline: article.headline,
    alternativeHeadline: article.alternativeHeadline,
    description: article.standfirst,
    datePublished: article.publishedAt,
    dateModified: article.updatedAt,
    version: String(article.edition),
    conditionsOfAccess: embargoedUntil && `Embargoed until ${embargoedUntil}`,
    author: some(article.authors.map(({ name, url }) => thing('Person', { name, url }))),
    creditText: article.byline ?? undefined,
    publisher: publisher && thing('NewsMediaOrganization', publisher),
    dateline: article.dateline,
    articleSection: article.section?.name,
    keywords: some(tags.map(({ name }) => name)),
    about: some(known),
    image:
      image === null
        ? undefined
        : thing('ImageObject', {
            url: image.url,
            description: image.alt || undefined,
            caption: image.caption,
            creditText: image.credit,
            width: image.width,
            height: image.height,
          }),
    correction: some(
      article.corrections.map(({ kind, text, publishedAt }) =>
        thing('CorrectionComment', { name: titled(kind), text, datePublished: publishedAt }),
      ),
    ),
    isBasedOn: source === null ? undefined : thing('CreativeWork', { name: source.name, url: source.url }),
    wordCount: article.wordCount,
    timeRequired: `PT${article.readingMinutes}M`,
    articleBody: article.bodyText ?? '',
  }
}

const thing = <Type extends string, Fields extends object>(type: Type, fields: Fields) => ({ '@type': type, ...fields })

/** A list, if there is anything in it. */
export const some = <Each>(list: Each[]): Each[] | undefined => (list.length > 0 ? list : undefined)
