import { addressOf } from '../delivery/address.ts'
import type { ExportingService } from './service.ts'
import { type WxrSite, wxrWriter } from './wxr.ts'

/** The forms in which everything leaves as one file. */
export const exportFormats = {
  ndjson: { contentType: 'application/x-ndjson', extension: 'ndjson' },
  wxr: { contentType: 'application/xml', extension: 'xml' },
  ninjs: { contentType: 'application/x-ndjson', extension: 'ninjs.ndjson' },
} as const
export type ExportFormat = keyof typeof exportFormats

export interface ExportSettings {
  site: WxrSite
  /** The pattern of the addresses of articles. */
  articleUrl: string
}

type Write = (text: string) => Promise<void> | void

/** Writes everything in a format, all at one instant. */
export async function writeExport(
  exporting: ExportingService,
  format: ExportFormat,
  { withAudit, site, articleUrl }: ExportSettings & { withAudit: boolean },
  write: Write,
): Promise<void> {
  if (format === 'ndjson') return exporting.archive(write, { withAudit })
  if (format === 'ninjs') return exporting.ninjs(write)
  const wxr = wxrWriter(site)
  await write(wxr.head)
  const sections = await exporting.documents((document, at) => {
    const { article, content } = document
    const address = addressOf(articleUrl, { slug: content.slug, id: article.id, section: content.section?.slug ?? '' })
    return write(wxr.item(document, at, address))
  })
  await write(wxr.foot(sections))
}
