import type { Format, ImportRecord } from './format.ts'
import { articleOf } from './wxr-post.ts'
import { type Site, siteOf } from './wxr-site.ts'
import { definedIn } from './wxr-terms.ts'
import { headText, rootOf } from './xml-head.ts'
import { childText, type XmlElement, xmlElements } from './xml-items.ts'

// WordPress eXtended RSS, 1.0 to 1.2, as WordPress exports it. Read twice: what posts are joined with (authors, pictures) may
// stand anywhere.

export const wxr: Format = {
  name: 'wxr',
  description: 'WordPress exports (WXR 1.0 to 1.2)',
  recognises: (source) =>
    rootOf(source) === 'rss' && /xmlns:\w+\s*=\s*["']http:\/\/wordpress\.org\/export\//.test(headText(source)),
  async *read(source, options) {
    const site = await siteOf(source, options)
    if (site.base === '') site.base = source.name
    yield* definedIn(site)
    for await (const item of xmlElements(source, new Set(['item']), options)) yield recordOf(item, site)
  },
}

function recordOf(item: XmlElement, site: Site): ImportRecord {
  const id = childText(item, 'wp:post_id')
  const place = { line: item.line, id }
  const type = childText(item, 'wp:post_type') || 'post'
  if (item.fault !== undefined)
    return { kind: 'failed', ...place, why: `${item.fault.charAt(0).toUpperCase()}${item.fault.slice(1)}.` }
  if (type === 'attachment')
    return { kind: 'skipped', ...place, why: 'Attachments are taken as the pictures of posts.' }
  if (type !== 'post' && type !== 'page') return { kind: 'skipped', ...place, why: `It is a "${type}" and no article.` }
  const status = childText(item, 'wp:status')
  if (status === 'auto-draft' || status === 'inherit')
    return { kind: 'skipped', ...place, why: `Its status is "${status}".` }
  return articleOf(item, { ...place, type, status }, site)
}
