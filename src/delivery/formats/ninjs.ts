import type { Article, HeadlineLink } from '../schema.ts'
import { some } from './jsonld.ts'
import type { Ninjs } from './schema.ts'
import { titled } from './text.ts'

/** Its parts are told apart by roles, for which IPTC has no vocabulary: `main`, `alternative`, `kicker`, `summary`, … */
export const toNinjs = (article: Article): string => JSON.stringify(ninjs(article))

function ninjs(article: Article): Ninjs {
  const { bodyHtml = '', bodyText = '', canonicalUrl, section, source, wordCount } = article
  return {
    uri: urn(article.id),
    type: 'text',
    representationType: 'full',
    version: String(article.edition),
    firstCreated: article.publishedAt,
    versionCreated: article.updatedAt,
    embargoedUntil: article.embargoedUntil,
    pubStatus: article.embargoedUntil === undefined ? 'usable' : 'withheld',
    language: article.language,
    headlines: [
      ...plain('main', article.headline),
      ...plain('alternative', article.alternativeHeadline),
      ...plain('kicker', article.kicker),
    ],
    descriptions: some(plain('summary', article.standfirst)),
    bodies: [
      { role: 'main', contentType: 'text/html', value: bodyHtml, wordCount },
      { role: 'main', contentType: 'text/plain', value: bodyText, wordCount, charCount: [...bodyText].length },
    ],
    by: article.byline ?? undefined,
    slugline: article.slug,
    located: article.dateline,
    // For the desk that gets it: what was wrong in earlier versions.
    edNote: some(article.corrections.map((each) => `${titled(each.kind)}, ${each.publishedAt}: ${each.text}`))?.join(
      '\n',
    ),
    subjects: some([
      ...(section === null ? [] : [{ name: section.name, rel: 'section', literal: section.slug }]),
      ...article.tags.map(({ name, uri, slug }) => ({ name, rel: 'about', uri, literal: slug })),
    ]),
    infoSources: some([
      ...article.authors.map(({ name, url }) => ({ name, role: 'author', uri: url })),
      ...(source === null ? [] : [{ name: source.name, role: 'source', uri: source.url }]),
    ]),
    renditions: [{ name: 'web', href: article.url }],
    associations: some([...picture(article), ...(article.headlines ?? []).flatMap(related)]),
    altIds: canonicalUrl === null ? undefined : [{ role: 'canonical', value: canonicalUrl }],
    standard: { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#' },
  }
}

const urn = (id: string) => `urn:uuid:${id}`
const plain = (role: string, value: string | undefined) => (value ? [{ role, contentType: 'text/plain', value }] : [])

type Association = NonNullable<Ninjs['associations']>[number]

function picture({ image }: Article): Association[] {
  if (image === null) return []
  const { url, alt, caption, credit, width, height, focalPoint } = image
  const poi =
    focalPoint && width && height
      ? { x: Math.round(focalPoint.x * width), y: Math.round(focalPoint.y * height) }
      : undefined
  return [
    {
      name: 'main',
      uri: url,
      type: 'picture',
      by: credit,
      descriptions: some([...plain('caption', caption), ...plain('alt', alt)]),
      renditions: [{ name: 'original', href: url, width, height, poi }],
    },
  ]
}

type Link = Pick<HeadlineLink, 'id' | 'headline' | 'url' | 'target'> & { sublinks?: Link[] | undefined }

/** A headline and those below it. One whose story is not ours, or not written yet, is known by its own id. */
function related({ id, headline, url, target, sublinks = [] }: Link): Association[] {
  const itself: Association = {
    name: headline,
    rel: 'related',
    uri: urn(target?.kind === 'article' ? target.id : id),
    type: 'text',
    headlines: plain('main', headline),
    renditions: url === null ? undefined : [{ name: 'web', href: url }],
  }
  return [itself, ...sublinks.flatMap(related)]
}
