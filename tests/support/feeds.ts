import { parseFeed } from '@rowanmanning/feed-parser'
import Parser from 'rss-parser'
import { SaxesParser } from 'saxes'

// Readers of feeds and sitemaps that know nothing of how they are written.

/** Throws for what is no well-formed XML with its namespaces; answers the text of each element, by its whole path. */
export function readXml(text: string): { path: string; text: string; attributes: Record<string, string> }[] {
  const parser = new SaxesParser({ xmlns: true })
  const open: { name: string; text: string; attributes: Record<string, string> }[] = []
  const found: ReturnType<typeof readXml> = []
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value])
    open.push({ name, text: '', attributes: Object.fromEntries(values) })
  })
  const add = (more: string) => {
    const last = open.at(-1)
    if (last) last.text += more
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => {
    const path = open.map(({ name }) => name).join('/')
    const last = open.pop()
    if (last) found.push({ path, text: last.text.trim(), attributes: last.attributes })
  })
  parser.write(text).close()
  return found
}

/** What two readers make of the same feed. */
export async function readFeed(text: string) {
  const one = await new Parser().parseString(text)
  const other = parseFeed(text)
  return { one, other }
}
