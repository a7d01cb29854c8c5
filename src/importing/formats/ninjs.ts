import { instantOf } from './dates.ts'
import { wholeText } from './encoding.ts'
import { type Format, type ImportRecord, type Publication, type Source, SourceFault } from './format.ts'
import { jsonValues, linesOf } from './json-stream.ts'
import { authorsOf, type Item, imageOf, languageOf, list, subjectsOf, text, textOf, worded } from './ninjs-parts.ts'

// IPTC ninjs 1, 2 and 3, as agencies and Superdesk send it: an item, an array of items, or a line each.

/** More than any item. */
const LINE_LENGTH_MAX = 10_000_000

export const ninjs: Format = {
  name: 'ninjs',
  description: 'IPTC ninjs 1, 2 and 3, an item, an array or a line each',
  recognises: ({ head }) => {
    const begin = Buffer.from(head).toString('utf8')
    return (
      /^\s*[[{]/.test(begin) &&
      /"(?:uri|guid)"\s*:/.test(begin) &&
      /"(?:pub_?status|versioncreated|body_(?:x?html|text)|representationtype|headlines|bodies)"\s*:/i.test(begin)
    )
  },
  async *read(source) {
    for await (const { item, line } of itemsOf(source)) {
      yield typeof item === 'object' && item !== null
        ? recordOf(item as Item, line)
        : { kind: 'failed', line, why: typeof item === 'string' ? item : 'It is no object.' }
    }
  },
}

/** Items with their lines; a text is why there is none. */
async function* itemsOf(source: Source): AsyncIterable<{ item: unknown; line: number }> {
  const begin = Buffer.from(source.head).toString('utf8').trimStart()
  if (begin.startsWith('[')) {
    for await (const { value: item, line } of jsonValues(source, ['$.*'])) yield { item, line }
  } else if (isWhole(begin.split('\n')[0] ?? '') && begin.trimEnd().includes('\n')) {
    for await (const { text: written, line } of linesOf(source, LINE_LENGTH_MAX)) yield { item: parsed(written), line }
  } else {
    const item = parsed(await wholeText(source))
    if (typeof item === 'string') throw new SourceFault(item.replace(/\.$/, ''))
    yield { item, line: 1 }
  }
}

const isWhole = (line: string): boolean => typeof parsed(line) === 'object'

function parsed(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch (error) {
    return `It is no valid JSON: ${(error as Error).message}.`
  }
}

function recordOf(item: Item, line: number): ImportRecord {
  const id = text(item.uri) || text(item.guid)
  if (id === '') return { kind: 'failed', line, why: 'It has no uri.' }
  const type = text(item.type) || 'text'
  if (type !== 'text') return { kind: 'skipped', line, id, why: `It is of the type "${type}", and no text.` }
  const status = (text(item.pubStatus) || text(item.pubstatus) || 'usable').replace(/^stat:/, '')
  if (status === 'canceled' || status === 'cancelled')
    return { kind: 'skipped', line, id, why: 'It was cancelled by its sender.' }
  const warnings: string[] = []
  const headlines = worded(item.headlines)
  const descriptions = worded(item.descriptions)
  const headline = headlines.get('main') ?? text(item.headline) ?? ''
  const standfirst =
    descriptions.get('summary') ??
    descriptions.get('') ??
    (text(item.description_text) || plain(text(item.description_html)))
  const urgency = item.urgency ?? item.priority
  const rights = text(item.usageTerms) || text(item.usageterms)
  const notes = [
    text(item.edNote) || text(item.ednote),
    ...(urgency === undefined ? [] : [`urgency: ${String(urgency)}`]),
    ...(rights === '' ? [] : [`usage terms: ${rights}`]),
  ].filter((each) => each !== '')
  if (rights !== '') warnings.push('It has terms of usage; they are in the notes.')
  const { section, tags } = subjectsOf(item)
  const byline = text(item.by) || text(item.byline)
  const authors = authorsOf(item)
  const image = imageOf(item)
  const canonical = list(item.altIds).find((each) => text(each.role) === 'canonical')
  const source = list(item.infoSources).find((each) => text(each.role) === 'source')
  const address = list(item.renditions)
    .map((each) => text(each.href))
    .find((href) => href !== '')
  const slug = text(item.slugline)
  return {
    kind: 'article',
    line,
    id,
    externalId: `ninjs:${id}`,
    fields: {
      headline: headline || headlines.values().next().value || slug,
      ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && { slug }),
      ...(headlines.get('alternative') && { alternativeHeadline: headlines.get('alternative') }),
      ...(headlines.get('kicker') && { kicker: headlines.get('kicker') }),
      ...(standfirst && { standfirst }),
      ...(byline !== '' && { byline }),
      ...(datelineOf(item) && { dateline: datelineOf(item) }),
      ...languageOf(item),
      ...(section && { section }),
      ...(source && { source: { name: text(source.name), ...(text(source.uri) !== '' && { url: text(source.uri) }) } }),
      ...(canonical && { canonicalUrl: text(canonical.value) }),
      ...(image && { image }),
      ...(notes.length > 0 && { notes: notes.join('\n') }),
      tags,
      authors,
    },
    body: textOf(item),
    derived: [],
    publication: publicationOf(item, status, warnings),
    formerAddresses: address === undefined ? [] : [address],
    links: [],
    warnings,
  }
}

const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, '').trim()

const datelineOf = ({ located }: Item): string => text(located)

function publicationOf(item: Item, status: string, warnings: string[]): Publication {
  const first = instantOf(item.firstCreated ?? item.firstcreated ?? item.contentCreated ?? item.contentcreated)
  const version = instantOf(item.versionCreated ?? item.versioncreated)
  const embargo = instantOf(item.embargoedUntil ?? item.embargoeduntil ?? item.embargoed)
  if (embargo !== undefined) return { state: 'scheduled', liveFrom: embargo }
  if (status !== 'usable') {
    warnings.push(`Its status is "${status}": it comes as a draft.`)
    return { state: 'draft' }
  }
  return { state: 'published', publishedAt: first ?? version, updatedAt: version }
}
