import { addressOf } from '../delivery/address.ts'
import type { Document } from './schema.ts'
import type { ExportingService } from './service.ts'
import type { WxrSite } from './wxr.ts'

/** The forms in which everything leaves as one file. */
export const exportFormats = {
  ndjson: { contentType: 'application/x-ndjson', extension: 'ndjson' },
  wxr: { contentType: 'application/xml', extension: 'xml' },
  ninjs: { contentType: 'application/x-ndjson', extension: 'ninjs.ndjson' },
  markdown: { contentType: 'application/x-tar', extension: 'tar' },
} as const
export type ExportFormat = keyof typeof exportFormats

export interface ExportSettings {
  site: WxrSite
  /** The pattern of the addresses of articles. */
  articleUrl: string
}

type Write = (part: string | Uint8Array) => Promise<void> | void

/** Writes everything in a format, all at one instant. */
export async function writeExport(
  exporting: ExportingService,
  format: ExportFormat,
  { withAudit, ...settings }: ExportSettings & { withAudit: boolean },
  write: Write,
): Promise<void> {
  if (format === 'ndjson') return exporting.archive(write, { withAudit })
  if (format === 'ninjs') return exporting.ninjs(write)
  // What writes a format is loaded with the first export in it.
  if (format === 'markdown')
    return (await import('./tar.ts')).tarOf((add) => writeFiles(exporting, settings, add), write)
  const { wxrWriter } = await import('./wxr.ts')
  const wxr = wxrWriter(settings.site)
  await write(wxr.head)
  const sections = await exporting.documents((document, at) =>
    write(wxr.item(document, at, addressesOf(document, settings))),
  )
  await write(wxr.foot(sections))
}

/** Gives `add` each article that is not in the trash as a file of Markdown, all of one instant. */
export async function writeFiles(
  exporting: ExportingService,
  settings: ExportSettings,
  add: (name: string, text: string, changedAt: string) => Promise<void>,
): Promise<void> {
  const { markdownFile } = await import('./markdown.ts')
  await exporting.documents(async (document, at) => {
    const file = markdownFile(document, at, addressesOf(document, settings))
    if (file !== undefined) await add(file.name, file.text, document.updatedAt ?? document.article.updatedAt)
  })
}

/** Where an article is, or would be, under each of its slugs. */
const addressesOf =
  ({ article, content }: Document, { articleUrl }: ExportSettings) =>
  (slug: string): string =>
    addressOf(articleUrl, { slug, id: article.id, section: content.section?.slug ?? '' })
