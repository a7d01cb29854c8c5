import type { ArticleFields } from '../../articles/schema.ts'
import type { Block } from '../../body/schema.ts'
import type { LinkFields } from '../../headlines/link-schema.ts'
import type { TermName, TermReplace } from '../../taxonomy/schema.ts'

// What every format of an archive is: it says whether a source is of its kind, and reads it record by record. It knows
// nothing of databases: what is done with a record is the service's (../service.ts). A new format is one file here and one line in
// all.ts.

/** One file, or what was uploaded. It is never read whole: a file may be larger than the memory. */
export interface Source {
  /** As reports tell it: the path below what was named, with "/" between folders. */
  name: string
  /** Where the file is, so that it is known under another name too; undefined for what was uploaded. */
  origin?: string | undefined
  /** The first 64 kB, or all where there is less: for `recognises`. */
  head: Uint8Array
  /** Its size in bytes, where that is known. */
  size: number | undefined
  /** What is told of it, where nothing of it can be read or is to be. */
  instead?: SkippedRecord | FailedRecord
  /** Its bytes from the start, as often as they are asked for. */
  open: () => AsyncIterable<Uint8Array>
}

export interface ReadOptions {
  /** The encoding that the user names, for sources that do not say it and are not UTF-8: a label of the WHATWG standard. */
  encoding?: string | undefined
  /** For text: whether the first line is the headline, or one is derived. */
  headline?: 'derive' | 'first-line' | undefined
}

/** Where a record is in its source: the line (from 1) on which it begins, and the id that the source gives it. */
export interface RecordPlace {
  line?: number | undefined
  id?: string | undefined
}

/** The text of an article, in the form in which the source has it; what converts it is in src/body. */
export type SourceBody = { html: string } | { markdown: string } | { text: string } | { blocks: Block[] }

/** Whether readers had it. Dates are instants in UTC with milliseconds. */
export type Publication =
  | { state: 'draft' }
  | { state: 'trashed' }
  | {
      state: 'published'
      publishedAt?: string | undefined
      updatedAt?: string | undefined
      liveUntil?: string | undefined
    }
  | {
      state: 'scheduled'
      liveFrom: string
      liveUntil?: string | undefined
      /** Nobody has to do anything for it: when that time has passed it is public. Else nobody knows whether it ever was. */
      isCertain?: boolean
    }

export interface ArticleRecord extends RecordPlace {
  kind: 'article'
  /** By which it is known again, however often it is imported: "wordpress:https://example.com/?p=12", "file:news/a.md". */
  externalId: string
  /** The id of the article that it is, where Dateline wrote the source: of this installation, or of another. */
  articleId?: string | undefined
  /** As an editor would send them, without the body. `slug` where the source has one that is valid. */
  fields: Omit<ArticleFields, 'body' | 'bodyHtml' | 'bodyMarkdown' | 'bodyText' | 'externalId' | 'changeNote'> & {
    headline: string
  }
  body: SourceBody
  /** Names of fields that the source did not have and that were made up from others. */
  derived: string[]
  publication: Publication
  /** Paths or addresses under which it was found before, as the source has them: "/2014/05/budget/". */
  formerAddresses: string[]
  /** Paths by which other documents of its archive name its file. They say nothing of the article itself. */
  filePaths?: string[]
  /** Headline links that come with it, in order. */
  links: LinkFields[]
  /** What could not be kept as it was, each one sentence: "The shortcode youtube is kept as text." */
  warnings: string[]
}

/** A list of headlines without an article. */
export interface RailRecord extends RecordPlace {
  kind: 'rail'
  key: string
  title: string
  links: LinkFields[]
  warnings: string[]
}

/** What a section, a tag or an author is, besides what articles say of theirs. A section comes after the one that it is a part of. */
export interface TermRecord extends RecordPlace {
  kind: 'term'
  term: TermName
  slug: string
  fields: TermReplace
  warnings: string[]
}

/** Something that is no article and is left out on purpose: a menu, a revision, an attachment. */
export interface SkippedRecord extends RecordPlace {
  kind: 'skipped'
  why: string
}

/** A record that cannot be read; those after it still can. */
export interface FailedRecord extends RecordPlace {
  kind: 'failed'
  why: string
  /** What else there is to tell of it. */
  warnings?: string[] | undefined
}

export type ImportRecord = ArticleRecord | RailRecord | TermRecord | SkippedRecord | FailedRecord

export interface Format {
  /** As in `--format`. */
  name: string
  /** In a sentence, for the usage and the document. */
  description: string
  /** Whether each source is one record as a whole. */
  isOneRecord?: true
  /** Whether the source is of this format, by its name and its first bytes. Of several the first in all.ts is taken. */
  recognises: (source: Source) => boolean
  /**
   * The records in the order of the source, with memory for one at a time and what joins them (authors, terms). Throws
   * SourceFault where nothing more of the source can be read.
   */
  read: (source: Source, options: ReadOptions) => AsyncIterable<ImportRecord>
}

/** Why (the rest of) a source cannot be read. The message names neither file nor line. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault'
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}
