import { wholeText } from './encoding.ts'
import { formerPathsOf } from './file-paths.ts'
import type { ArticleRecord, Format, Publication } from './format.ts'
import { SourceFault } from './format.ts'
import { fieldsOf, nameOf } from './front-fields.ts'
import { headOf, text } from './front-head.ts'
import { frontMatterOf } from './front-matter.ts'
import { publicationOf } from './front-publication.ts'
import { plainMarkdown } from './markdown-text.ts'
import { ownDocument } from './own-document.ts'

// Markdown with a head of YAML or TOML, as Hugo, Jekyll and their like have it: one article a file.

export const markdown: Format = {
  name: 'markdown',
  description: 'Markdown with front matter in YAML or TOML (Hugo, Jekyll)',
  recognises: ({ name }) => /\.(?:md|markdown|mdown|mkd)$/i.test(name),
  isOneRecord: true,
  async *read(source, { encoding }) {
    try {
      const document = await wholeText(source, { encoding })
      yield ownDocument(source.name, document) ?? recordOf(source.name, document)
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error
      yield { kind: 'failed', line: error.line, why: sentence(error.message) }
    }
  },
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`

function recordOf(name: string, document: string): ArticleRecord {
  const { values, text: below, line } = frontMatterOf(document)
  const warnings: string[] = []
  const derived: string[] = []
  const notes: string[] = []
  const head = headOf(values)
  const { stem, dated } = fromFileName(name)
  const fields = fieldsOf(head, { warnings, derived, notes })
  const body = plainMarkdown(below.replace(/^\s*\n/, ''), name, { warnings, notes })
  if (fields.section == null) {
    const folder = /(?:^|\/)content\/([^/]+)\//.exec(name)?.[1]
    if (folder !== undefined) {
      fields.section = nameOf(folder)
      derived.push('section')
    }
  }
  const slug = head.read(['slug'], text) ?? stem
  const formerAddresses = head.readEach(
    ['url', 'permalink', 'aliases', 'alias', 'redirect_from', 'redirectfrom'],
    addressOf,
  )
  const isPost = Object.keys(values).length > 0
  if (!isPost) warnings.push('It has no front matter: it comes as a draft.')
  const doubts = [
    ...(fields.headline === '' ? ['It has no title'] : []),
    // What stands elsewhere is told with a headline alone.
    ...(body.trim() === '' && fields.source?.url === undefined ? ['It has no text'] : []),
  ]
  const isDraft = /(?:^|\/)_drafts\//.test(name)
  const publication: Publication = isPost
    ? publicationOf(head, { isDraft, dated, doubts }, warnings)
    : { state: 'draft' }
  notes.push(...head.rest(warnings))
  const kept = fitting(notes, warnings)
  return {
    kind: 'article',
    line,
    id: name,
    externalId: `file:${name}`,
    fields: {
      ...fields,
      ...(slug !== undefined && { slug }),
      ...(kept !== '' && { notes: kept }),
    },
    body: { markdown: body },
    derived,
    publication,
    formerAddresses,
    filePaths: formerPathsOf(name, slug),
    links: [],
    warnings,
  }
}

/** As many notes as an article may have, each whole. */
function fitting(notes: string[], warnings: string[]): string {
  let left = NOTES_MAX
  const kept = notes.filter((note) => {
    const fits = note.length < left
    if (fits) left -= note.length + 1
    return fits
  })
  const lost = notes.length - kept.length
  if (lost > 0) warnings.push(`What would be in its notes is too long: ${lost} of ${notes.length} are left out.`)
  return kept.join('\n')
}
const NOTES_MAX = 19_000

/** An address of the site; a pattern for many ("/:year/:title") is none. */
function addressOf(value: unknown): string | undefined {
  const given = text(value)
  if (given === undefined || /^https?:\/\/./.test(given)) return given
  return /[/.]/.test(given) && !given.includes(':') ? given : undefined
}

/** Jekyll keeps date and slug in the name of a file; a Hugo bundle is called by its folder. */
function fromFileName(name: string): { stem: string | undefined; dated: string | undefined } {
  const parts = name.split('/')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '')
  const own = /^_?index$/.test(file) ? parts.at(-2) : file
  const [, dated, rest] = /^(\d{4}-\d{1,2}-\d{1,2})-(.+)$/.exec(own ?? '') ?? []
  return { stem: rest ?? own, dated }
}
