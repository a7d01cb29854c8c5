import { createHash } from 'node:crypto'
import type { Caller } from '../access/schema.ts'
import { HEADLINE_LENGTH_MAX } from '../articles/schema.ts'
import type { Article, ArticleService } from '../articles/service.ts'
import type { AuditService } from '../audit/service.ts'
import { fromText } from '../body/from-text.ts'
import { type Block, Body } from '../body/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { conflictOf } from '../db/failure.ts'
import { LINKS_MAX } from '../headlines/link-schema.ts'
import type { RailService } from '../headlines/rails.ts'
import type { HeadlineService } from '../headlines/service.ts'
import type { PublishingService } from '../publishing/service.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { slugFrom } from '../shared/slug.ts'
import { DocumentError, decodeDocument } from './decode.ts'
import { deriveHeadline } from './derive.ts'
import { parseDocument } from './rules.ts'
import { DOCUMENT_BYTES_MAX, type ImportOptions, type ImportOutcome } from './schema.ts'

// Owns the reading of documents into articles and headline links. Promises that a document becomes all or nothing, that
// no word of it is lost or made up without saying so, and that the same document a second time changes nothing.

interface Dependencies {
  db: Database
  clock: Clock
  articles: ArticleService
  headlines: HeadlineService
  rails: RailService
  publishing: PublishingService
  audit: AuditService
  ids: Ids
}

export type ImportingService = ReturnType<typeof importingService>

export function importingService({ db, clock, ids, audit, articles, headlines, rails, publishing }: Dependencies) {
  const note = (tx: Db, actor: Caller, kind: string, id: string) =>
    audit.recordIn(tx, {
      actor,
      requestId: ids(),
      action: 'importDocument',
      outcome: 'accepted',
      subject: { kind, id },
    })

  return {
    /**
     * Reads one plain-text document (UTF-8) into an article with pending headline links or, where it holds headlines
     * only, into a rail. `file` is its name without a folder. Throws DocumentError where it cannot be read.
     */
    async importDocument(
      caller: Caller,
      file: string,
      bytes: Uint8Array,
      options: ImportOptions,
    ): Promise<ImportOutcome> {
      const text = decodeDocument(bytes, { bytesMax: DOCUMENT_BYTES_MAX })
      const parsed = parseDocument(text, { headline: options.headline })
      const lead = parsed.paragraphs[0]
      const headline = parsed.headline ?? (lead === undefined ? undefined : derived(lead))
      if (parsed.headlines.length > LINKS_MAX) {
        const detail = `the document has ${parsed.headlines.length} headlines: a list holds at most ${LINKS_MAX}`
        throw new DocumentError('too-large', detail)
      }
      if (headline === undefined) return importRail(caller, file, parsed.headlines)
      if (headline.length > HEADLINE_LENGTH_MAX) {
        throw new DocumentError(
          'too-large',
          `The headline has ${headline.length} characters; ${HEADLINE_LENGTH_MAX} is the most.`,
          1,
        )
      }
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      // What a document is known by is what it says: the same bytes under another name are the same document.
      const importedFrom = `sha256:${sha256}`
      const counts = { paragraphs: parsed.paragraphs.length, headlines: parsed.headlines.length }
      const outcome = (
        result: ImportOutcome['result'],
        { id, firstPublishedAt }: Article['article'],
      ): ImportOutcome => ({
        result,
        kind: 'article',
        id,
        headline,
        isPublic: firstPublishedAt !== null,
        ...counts,
      })
      const known = await articles.importedFrom(importedFrom)
      if (known) return outcome('unchanged', known)
      const provenance = {
        kind: 'document' as const,
        file,
        sha256,
        importedAt: clock.now(),
        derived: parsed.headline === undefined ? ['headline'] : [],
        publishedAt: null,
      }
      const given = { provenance, importedFrom, body: bodyOf(parsed.paragraphs) }
      const links = parsed.headlines.map((each) => ({ headline: each }))
      const create = async (tx: Db): Promise<ImportOutcome> => {
        const { article } = await articles.createIn(tx, caller, { headline }, given)
        await note(tx, caller, 'article', article.id)
        if (links.length > 0) await headlines.replaceIn(tx, caller, article.id, [0], links)
        if (!options.publish) return outcome('created', article)
        const published = await publishing.publishIn(tx, caller, article.id, [1])
        for (const each of published.followed ?? []) {
          await audit.recordIn(tx, { actor: caller, requestId: ids(), outcome: 'accepted', ...each })
        }
        return outcome('created', published.article)
      }
      return db.write(create).catch(async (error: unknown) => {
        // Somebody imports the same document at the same moment, and was first.
        const other =
          conflictOf(error) === 'articles_imported_from_key' ? await articles.importedFrom(importedFrom) : undefined
        if (other === undefined) throw error
        return outcome('unchanged', other)
      })
    },
  }

  async function importRail(caller: Caller, file: string, lines: string[]): Promise<ImportOutcome> {
    const title = titleOf(file)
    const key = slugFrom(title, 'headlines').slice(0, 80)
    const items = lines.map((headline) => ({ headline }))
    const outcome = { kind: 'rail' as const, key, title, headlines: items.length }
    if ((await rails.contentIn(db.read, key)) === undefined) {
      const create = async (tx: Db) => {
        await rails.createIn(tx, caller, { key, title, items })
        await note(tx, caller, 'rail', key)
      }
      const isOurs = await db.write(create).then(
        () => true,
        (error: unknown) => {
          // Somebody imports the same document at the same moment, and was first.
          if (error instanceof Problem && error.code === 'already-exists') return false
          throw error
        },
      )
      if (isOurs) return { result: 'created', ...outcome }
    }
    const standing = await rails.contentIn(db.read, key)
    const isSame =
      standing?.items.length === items.length && standing.items.every((each, at) => each.headline === lines[at])
    if (isSame) return { result: 'unchanged', ...outcome }
    throw new DocumentError(
      'conflict',
      `There is a rail "${key}" with other headlines. Rename the file, or delete the rail.`,
    )
  }
}

/** The paragraphs as a body. What is more than an article can hold is refused, as it is when an editor sends it. */
function bodyOf(paragraphs: string[]): Block[] {
  const body = paragraphs.length === 0 ? [] : fromText(paragraphs.join('\n\n'))
  if (Body.safeParse(body).success) return body
  const most = 'at most 2,000 paragraphs and 1,000,000 characters'
  throw new DocumentError('too-large', `the document has more text than an article holds: ${most}`)
}

/** The title of a rail out of the name of a file: one line that is not blank, as an editor would have to write it. */
function titleOf(file: string): string {
  const name = file.replace(/\.[^.]*$/, '').replaceAll(/[\s\p{Cc}]+/gu, ' ')
  return name.trim().slice(0, 200).trim().toWellFormed() || 'Headlines'
}

const DERIVED_LENGTH_MAX = 110

/** Graphemes can be long: if even 110 of them are too many for a headline, fewer are taken. */
function derived(lead: string): string {
  for (let most = DERIVED_LENGTH_MAX; most > 1; most = Math.floor(most / 2)) {
    const headline = deriveHeadline(lead, most)
    if (headline.length <= HEADLINE_LENGTH_MAX) return headline
  }
  return lead.slice(0, 1)
}
