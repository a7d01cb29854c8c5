import { createHash } from 'node:crypto'
import { type DocumentError, decodeDocument } from '../decode.ts'
import { deriveHeadline } from '../derive.ts'
import { parseDocument } from '../rules.ts'
import { DOCUMENT_BYTES_MAX } from '../schema.ts'
import { markedEncoding, wholeText } from './encoding.ts'
import { type Format, type ImportRecord, SourceFault } from './format.ts'

// Plain text: an article and the headlines below it, or headlines only.

export const text: Format = {
  name: 'text',
  description: 'Plain text: an article, and below it the headlines that belong to it',
  recognises: ({ name, head }) => /\.te?xt$/i.test(name) && (!head.includes(0) || markedEncoding(head) !== undefined),
  isOneRecord: true,
  async *read(source, { encoding, headline = 'derive' }) {
    try {
      const bytes = Buffer.from(await wholeText(source, { encoding }))
      yield recordOf(source.name, decodeDocument(bytes, { bytesMax: DOCUMENT_BYTES_MAX }), bytes, headline)
    } catch (error) {
      const { name, message, line } = error as DocumentError
      if (!(error instanceof SourceFault) && name !== 'DocumentError') throw error
      yield { kind: 'failed', line, why: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` }
    }
  },
}

function recordOf(name: string, document: string, bytes: Buffer, headline: 'derive' | 'first-line'): ImportRecord {
  const parsed = parseDocument(document, { headline })
  const links = parsed.headlines.map((each) => ({ headline: each }))
  const [lead] = parsed.paragraphs
  const given = parsed.headline ?? (lead === undefined ? undefined : deriveHeadline(lead))
  if (given === undefined) return railOf(name, links)
  return {
    kind: 'article',
    id: name,
    // What such a document is known by is what it says: the same text under another name is the same document.
    externalId: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    fields: { headline: given },
    body: { text: parsed.paragraphs.join('\n\n') },
    derived: parsed.headline === undefined ? ['headline'] : [],
    publication: { state: 'draft' },
    formerAddresses: [],
    links,
    warnings: [],
  }
}

/** A rail is called as its file. */
function railOf(name: string, links: { headline: string }[]): ImportRecord {
  const file = (name.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '')
  const title =
    file
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, 200)
      .trim()
      .toWellFormed() || 'Headlines'
  return { kind: 'rail', id: name, key: title, title, links, warnings: [] }
}
