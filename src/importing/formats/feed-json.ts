import { isObject } from '../../shared/json.ts'
import { wholeText } from './encoding.ts'
import { asHtml, type Feed, type Item, languageOf, recordOf } from './feed-item.ts'
import { type ImportRecord, type ReadOptions, type Source, SourceFault } from './format.ts'

// JSON Feed 1 and 1.1. All of it but `content_html` is text: "<b>" in a title is three signs.

export async function* jsonItems(source: Source, { encoding }: ReadOptions): AsyncIterable<ImportRecord> {
  const text = await wholeText(source, { encoding })
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new SourceFault(`it is no valid JSON: ${(error as Error).message}`)
  }
  if (!isObject(given) || !Array.isArray(given.items)) throw new SourceFault('it has no list of items')
  const feed: Feed = {
    address: textIn(given, 'home_page_url') || textIn(given, 'feed_url'),
    file: source.name,
    language: languageOf(textIn(given, 'language')),
    authors: authorsOf(given),
  }
  for (const item of given.items) {
    if (isObject(item)) yield recordOf(itemOf(item), feed)
    else yield { kind: 'failed', why: 'It is no object.' }
  }
}

const textIn = (of: Record<string, unknown>, name: string): string =>
  typeof of[name] === 'string' || typeof of[name] === 'number' ? String(of[name]).trim() : ''

const authorsOf = ({ authors, author }: Record<string, unknown>): string[] =>
  [authors ?? author].flat().flatMap((each) => (isObject(each) && typeof each.name === 'string' ? [each.name] : []))

function itemOf(item: Record<string, unknown>): Item {
  const text = (name: string): string => textIn(item, name)
  const html = text('content_html') || asHtml(text('content_text'))
  const image = text('image') || text('banner_image')
  const warnings = (Array.isArray(item.attachments) ? item.attachments : []).flatMap((each) =>
    isObject(each) ? [`Its attachment ${textIn(each, 'url').slice(0, 200)} is not taken.`] : [],
  )
  return {
    id: text('id'),
    title: text('title').replaceAll(/\s+/g, ' '),
    link: text('external_url') || text('url'),
    html: html || asHtml(text('summary')),
    isWhole: html !== '',
    summary: text('summary'),
    published: text('date_published') || undefined,
    updated: text('date_modified') || undefined,
    authors: authorsOf(item),
    tags: Array.isArray(item.tags) ? item.tags.map(String) : [],
    image: image === '' ? undefined : { url: image },
    base: text('url'),
    warnings,
  }
}
