import { stringify } from 'yaml'
import { toMarkdown } from '../body/to-markdown.ts'
import type { Document } from './schema.ts'

/** A document as a file of Markdown with front matter that Hugo builds; the name of the file is safe on every system. */
export function markdownFile(
  { article, content, publishedAt, updatedAt, liveUntil, formerSlugs, formerPaths }: Document,
  at: string,
) {
  const isSeen = publishedAt !== null
  const isPlanned = !isSeen && article.scheduledFrom !== null && article.scheduledFrom > at
  const date = publishedAt ?? (isPlanned ? article.scheduledFrom : (article.firstPublishedAt ?? article.createdAt))
  const ends = isSeen ? liveUntil : isPlanned ? article.scheduledUntil : null
  const { section, tags, authors, image, source } = content
  const head = {
    title: content.headline,
    slug: content.slug,
    date,
    ...(updatedAt !== null && updatedAt !== publishedAt && { lastmod: updatedAt }),
    ...(ends !== null && ends < FAR && { expiryDate: ends }),
    ...(!isSeen && !isPlanned && { draft: true }),
    ...filled({
      language: content.language,
      kicker: content.kicker,
      alternativeHeadline: content.alternativeHeadline,
      description: content.standfirst,
      byline: content.byline,
      dateline: content.dateline,
      section: section?.name,
      tags: tags.map(({ name }) => name),
      authors: authors.map(({ name }) => name),
      image: image && { src: image.url, alt: image.alt, ...filled({ caption: image.caption, credit: image.credit }) },
      source: source?.name,
      source_url: source?.url,
      canonical: content.canonicalUrl,
      externalId: content.externalId,
      aliases: [...formerSlugs.map((slug) => `/${slug}/`), ...formerPaths],
    }),
  }
  return { name: `${content.slug}.md`, text: `---\n${stringify(head)}---\n\n${toMarkdown(content.body)}\n` }
}

/** After every end that is meant. */
const FAR = '9000'

const filled = (fields: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
