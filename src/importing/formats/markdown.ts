import { instantOf } from './dates.ts'
import { wholeText } from './encoding.ts'
import type { ArticleRecord, Format, Publication } from './format.ts'
import { SourceFault } from './format.ts'
import { imageOf, known, list, nameOf, text } from './front-fields.ts'
import { frontMatterOf } from './front-matter.ts'
import { ownDocument } from './own-document.ts'
import { withoutShortcodes } from './shortcodes.ts'

// Markdown with a head of YAML or TOML, as Hugo, Jekyll and their like have it: one article a file.

export const markdown: Format = {
  name: 'markdown',
  description: 'Markdown with front matter in YAML or TOML (Hugo, Jekyll)',
  recognises: ({ name }) => /\.(?:md|markdown|mdown|mkd)$/i.test(name),
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
  const head = known(values, warnings)
  const { stem, dated } = fromFileName(name)
  const body = withoutShortcodes(below.replace(/^\s*\n/, ''), warnings)
  const { fields, notes } = head.fields(derived)
  if (fields.section == null) {
    const folder = /(?:^|\/)content\/([^/]+)\//.exec(name)?.[1]
    if (folder !== undefined) {
      fields.section = nameOf(folder)
      derived.push('section')
    }
  }
  const image = imageOf(head.take('featured_image', 'image', 'cover', 'primary_image'), notes, warnings)
  const slug = text(head.take('slug')) ?? stem
  const permalinks = list(head.take('url', 'permalink')).map(String)
  const formerAddresses = [
    ...list(head.take('aliases', 'alias')),
    ...list(head.take('redirect_from', 'redirectfrom')),
  ].map(String)
  const isPost = Object.keys(values).length > 0
  if (!isPost) warnings.push('It has no front matter: it comes as a draft.')
  const publication: Publication = isPost ? publicationOf(head, dated, warnings) : { state: 'draft' }
  notes.push(...head.rest())
  return {
    kind: 'article',
    line,
    id: name,
    externalId: `file:${name}`,
    fields: {
      ...fields,
      ...(slug !== undefined && { slug }),
      ...(image !== undefined && { image }),
      ...(notes.length > 0 && { notes: notes.join('\n') }),
    },
    body: { markdown: body },
    derived,
    publication,
    formerAddresses: [...permalinks, ...formerAddresses].filter(
      (address) => !address.includes(':') || /^https?:/.test(address),
    ),
    links: [],
    warnings,
  }
}

/** Jekyll keeps date and slug in the name of a file; a Hugo bundle is called by its folder. */
function fromFileName(name: string): { stem: string | undefined; dated: string | undefined } {
  const parts = name.split('/')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '')
  const own = /^_?index$/.test(file) ? parts.at(-2) : file
  const [, dated, rest] = /^(\d{4}-\d{1,2}-\d{1,2})-(.+)$/.exec(own ?? '') ?? []
  return { stem: rest ?? own, dated }
}

function publicationOf(head: ReturnType<typeof known>, dated: string | undefined, warnings: string[]): Publication {
  const dateIn = (...names: string[]): string | undefined => {
    const value = head.take(...names)
    if (value === undefined || value === null || value === '') return undefined
    const at = instantOf(value)
    if (at === undefined) warnings.push(`${names[0]} "${String(value)}" is no date that is known, and is left out.`)
    return at
  }
  const date = dateIn('date') ?? instantOf(dated)
  const first = dateIn('publishdate', 'pubdate', 'published_at') ?? date
  const updatedAt = dateIn('lastmod', 'updated', 'modified', 'last_modified_at')
  const liveUntil = dateIn('expirydate', 'unpublishdate')
  const isDraft = head.take('draft') === true || head.take('published') === false
  if (isDraft) return { state: 'draft' }
  if (first === undefined) warnings.push('It has no date: readers will be told that it was published now.')
  return { state: 'published', publishedAt: first, updatedAt, liveUntil }
}
