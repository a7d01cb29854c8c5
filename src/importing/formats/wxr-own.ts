import { isUuid } from '../../shared/fields.ts'
import { isObject } from '../../shared/json.ts'
import type { ArticleRecord, Publication } from './format.ts'

// A post that Dateline wrote (src/exporting/wxr.ts), maybe by way of a WordPress since: what WordPress has no place for comes back, and it is
// known as the article that it was. What stands in the post itself counts more.

export interface Own {
  id: string
  rest: Record<string, unknown>
}

/** What Dateline has left in the custom fields of a post; undefined where it did not write it. */
export function ownOf(meta: ReadonlyMap<string, string>): Own | undefined {
  const id = meta.get('_dateline_id') ?? ''
  if (!isUuid(id)) return undefined
  try {
    const rest: unknown = JSON.parse(meta.get('_dateline') ?? '{}')
    return { id, rest: isObject(rest) ? rest : {} }
  } catch {
    return { id, rest: {} }
  }
}

export function withOwn(record: ArticleRecord, { id, rest }: Own): ArticleRecord {
  const text = (name: string): string | null => {
    const value = rest[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const listed = (name: string): Record<string, unknown>[] =>
    Array.isArray(rest[name]) ? rest[name].filter(isObject) : []
  const { fields } = record
  const notes = [text('notes'), fields.notes].filter((each) => each != null).join('\n')
  const known = (name: string, term: { name: string; slug?: string | undefined }) =>
    listed(name).find((each) => each.slug === term.slug)
  const uriOf = (tag: { name: string; slug?: string | undefined }) => {
    const uri = known('tags', tag)?.uri
    return typeof uri === 'string' ? { uri } : {}
  }
  const image = isObject(rest.image) && rest.image.url === fields.image?.url ? rest.image : fields.image
  return {
    ...record,
    externalId: text('externalId') ?? `dateline:${id}`,
    articleId: id,
    fields: {
      ...fields,
      ...(text('language') !== null && { language: text('language') as string }),
      standfirst: fields.standfirst ?? null,
      section: fields.section ?? null,
      tags: (fields.tags ?? []).map((tag) => ({ ...tag, ...uriOf(tag) })),
      authors: (fields.authors ?? []).map((author) => ({ ...author, ...known('authors', author) })),
      image: (image ?? null) as ArticleRecord['fields']['image'],
      alternativeHeadline: text('alternativeHeadline'),
      kicker: text('kicker'),
      byline: text('byline'),
      dateline: text('dateline'),
      canonicalUrl: text('canonicalUrl'),
      source: (isObject(rest.source) ? rest.source : null) as ArticleRecord['fields']['source'],
      notes: notes === '' ? null : notes,
    },
    publication: publicationOf(record.publication, text),
    // Its number is that of a file, and no address.
    formerAddresses: [
      ...record.formerAddresses.filter((each) => !/[?&](?:p|page_id)=\d+$/.test(each)),
      ...(Array.isArray(rest.formerPaths) ? rest.formerPaths.map(String) : []),
    ],
  }
}

/** The same, to the millisecond, and with its end. */
function publicationOf(publication: Publication, text: (name: string) => string | null): Publication {
  const exact = (rough: string | undefined, name: string): string | undefined =>
    rough !== undefined && text(name)?.slice(0, 19) === rough.slice(0, 19) ? (text(name) ?? rough) : rough
  const [ends, ended, date] = [text('ends'), text('ended'), text('date')]
  const until = ends === null ? {} : { liveUntil: ends }
  if (publication.state === 'published') {
    const publishedAt = exact(publication.publishedAt, 'date')
    return { ...publication, publishedAt, updatedAt: exact(publication.updatedAt, 'updatedAt'), ...until }
  }
  if (publication.state === 'scheduled')
    return {
      ...publication,
      isCertain: true,
      liveFrom: exact(publication.liveFrom, 'date') ?? publication.liveFrom,
      ...until,
    }
  // To WordPress what has ended is a draft.
  if (publication.state === 'draft' && ended !== null && date !== null)
    return { state: 'published', publishedAt: date, liveUntil: ended }
  return publication
}
