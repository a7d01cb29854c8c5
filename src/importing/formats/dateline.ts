import type { ArticleContent } from '../../articles/schema.ts'
import { isObject } from '../../shared/json.ts'
import type { ArticleRecord, Format, ImportRecord, Publication, Source } from './format.ts'
import { SourceFault } from './format.ts'
import { ndjsonLines } from './json-lines.ts'

// The archive that Dateline writes, brought into an installation that has articles of its own: what each article says, and whether
// readers had it. An empty one gets all of it, with its history, by "npx dateline load".

const LINE_BYTES_MAX = 64_000_000

export const dateline: Format = {
  name: 'dateline',
  description: "Dateline's own archive, into an installation with articles of its own",
  recognises: ({ head }) =>
    /^\{"kind":"archive","format":"dateline"/.test(Buffer.from(head.subarray(0, 100)).toString('latin1')),
  async *read(source) {
    const standing = new Map<string, Standing>()
    for await (const { row, kind } of rowsOf(source)) {
      if (kind === 'articles') standing.set(String(row.id), standingOf(row))
      const found = kind === 'addresses' ? standing.get(String(row.articleId)) : undefined
      if (found !== undefined && row.slug !== found.slug) found.former.push(String(row.slug))
    }
    let [lists, fronts] = [0, 0]
    for await (const { row, kind, line } of rowsOf(source)) {
      const found = kind === 'articleVersions' ? standing.get(String(row.articleId)) : undefined
      if (found !== undefined && row.version === found.contentVersion && isObject(row.content))
        yield recordOf(String(row.articleId), row.content as unknown as ArticleContent, found, line)
      if (kind === 'headlineLists') lists++
      if (kind === 'fronts') fronts++
    }
    if (lists + fronts > 0)
      yield {
        kind: 'skipped',
        id: 'lists',
        why: `Headline links (${lists} lists) and fronts (${fronts}) are not taken by an import: "npx dateline load" brings all into an empty installation.`,
      }
  },
}

interface Standing {
  slug: string
  contentVersion: number
  publication: Publication | 'killed'
  former: string[]
}

async function* rowsOf(source: Source): AsyncIterable<{ kind: unknown; row: Record<string, unknown>; line: number }> {
  let isWhole = false
  for await (const found of ndjsonLines(source, { bytesMax: LINE_BYTES_MAX })) {
    const value: unknown = 'text' in found ? parsed(found.text) : undefined
    if (!isObject(value)) throw new SourceFault('a line of it is no JSON object', found.line)
    if (value.kind === 'end') isWhole = true
    if (isObject(value.row)) yield { kind: value.kind, row: value.row, line: found.line }
  }
  if (!isWhole) throw new SourceFault('its last line is missing: the file was cut')
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function standingOf(row: Record<string, unknown>): Standing {
  const text = (name: string): string | undefined => (typeof row[name] === 'string' ? (row[name] as string) : undefined)
  const isLive = row.publishedContentVersion !== null && row.withdrawn !== true
  const liveUntil = text('liveUntil')
  const publication: Standing['publication'] =
    row.killedAt !== null
      ? 'killed'
      : row.trashedAt !== null
        ? { state: 'trashed' }
        : isLive
          ? { state: 'published', publishedAt: text('firstPublishedAt'), liveUntil }
          : text('scheduledFrom') !== undefined
            ? {
                state: 'scheduled',
                liveFrom: text('scheduledFrom') ?? '',
                liveUntil: text('scheduledUntil'),
                isCertain: true,
              }
            : { state: 'draft' }
  // Readers had what was published last, and not what is on the desk.
  const version = isLive ? row.publishedContentVersion : row.contentVersion
  return { slug: String(row.slug), contentVersion: Number(version), publication, former: [] }
}

function recordOf(id: string, content: ArticleContent, { publication, former }: Standing, line: number): ImportRecord {
  if (publication === 'killed') return { kind: 'skipped', id, line, why: 'It was killed there.' }
  const { body, provenance: _, externalId: __, slug, ...fields } = content
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  return {
    kind: 'article',
    id,
    line,
    externalId: `dateline:${id}`,
    fields: { ...given, slug, headline: content.headline } as ArticleRecord['fields'],
    body: { blocks: body },
    derived: [],
    publication,
    formerAddresses: former.map((each) => `/v1/articles/${each}`),
    links: [],
    warnings: [],
  }
}
