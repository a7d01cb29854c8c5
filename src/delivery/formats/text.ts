import type { Article, HeadlineLink } from '../schema.ts'

/** An article as plain text: what stands above the text, the text as `bodyText` has it, what stands below. Parts are a blank line apart. */
export function toText(article: Article): string {
  const { bodyText = '', source } = article
  const times = [`Published ${article.publishedAt}`]
  if (article.updatedAt !== article.publishedAt) times.push(`Updated ${article.updatedAt}`)
  const parts = [
    article.embargoedUntil && `EMBARGOED UNTIL ${article.embargoedUntil}`,
    [article.kicker, article.headline].filter(Boolean).join('\n'),
    article.standfirst,
    [article.byline, article.dateline, ...times].filter(Boolean).join('\n'),
    bodyText,
    ...article.corrections.map(({ kind, text, publishedAt }) => `${titled(kind)}, ${publishedAt}: ${text}`),
    source && ['Source:', source.name, source.url && `<${source.url}>`].filter(Boolean).join(' '),
    headlineLines(article.headlines ?? []).join('\n'),
    article.canonicalUrl ?? article.url,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** The kind of a correction as the beginning of a line. */
export const titled = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1)

/** A headline with its address, whether it stands in the list or below another. */
export type Link = Pick<HeadlineLink, 'headline' | 'kicker' | 'url'> & { sublinks?: Link[] | undefined }

/** A line with a hyphen each, those below others set in, addresses behind them. */
const headlineLines = (links: Link[], indent = ''): string[] =>
  links.flatMap(({ headline, kicker, url, sublinks = [] }) => [
    `${indent}- ${kicker === undefined ? '' : `${kicker}: `}${headline}${url === null ? '' : ` <${url}>`}`,
    ...headlineLines(sublinks, `${indent}  `),
  ])
