import type { ArticleContent } from '../articles/schema.ts'
import type { Block } from '../body/schema.ts'
import { toHtml } from '../body/to-html.ts'
import { toMarkdown } from '../body/to-markdown.ts'
import { toText } from '../body/to-text.ts'
import { countWords } from '../body/words.ts'
import type { TermKind } from '../shared/filters.ts'
import type { Words } from '../shared/words.ts'
import type { Correction } from './schema.ts'
import { wordsIn } from './words.ts'

/** Words a grown-up reads in a minute, as most newsrooms count. */
const WORDS_PER_MINUTE = 230

const forms = { html: toHtml, blocks: (body: Block[]) => body, markdown: toMarkdown, text: toText }

/** One form of a body, as JSON text. */
export const renderForm = (form: keyof typeof forms, body: Block[]): string => JSON.stringify(forms[form](body))

/** The four forms of a body, each as JSON text. */
export const renderBody = (body: Block[]) => ({
  html: renderForm('html', body),
  blocks: renderForm('blocks', body),
  markdown: renderForm('markdown', body),
  text: renderForm('text', body),
})

interface Moment {
  publishedAt: string
  updatedAt: string
  edition: number
  corrections: Correction[]
}

/**
 * What readers get of an article besides its address, body and links: named fields only, so that notes and provenance
 * can never come along. JSON text without the outer braces, to be joined to the rest when it is sent.
 */
export function renderCard(
  content: ArticleContent,
  { publishedAt, updatedAt, edition, corrections }: Moment,
  words = countWords(content.body, content.language),
): string {
  const card = {
    language: content.language,
    headline: content.headline,
    ...given({
      alternativeHeadline: content.alternativeHeadline,
      kicker: content.kicker,
      standfirst: content.standfirst,
    }),
    byline: content.byline ?? bylineOf(content),
    authors: content.authors,
    ...given({ dateline: content.dateline }),
    section: content.section,
    tags: content.tags,
    image: content.image,
    publishedAt,
    updatedAt,
    edition,
    corrections,
    source: content.source,
    canonicalUrl: content.canonicalUrl,
    wordCount: words,
    readingMinutes: words === 0 ? 0 : Math.max(1, Math.round(words / WORDS_PER_MINUTE)),
  }
  return JSON.stringify(card).slice(1, -1)
}

const given = (fields: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))

/** The authors' names as the article's language lists them; null without authors. */
export function bylineOf({ authors, language }: Pick<ArticleContent, 'authors' | 'language'>): string | null {
  const [first, ...others] = authors
  if (first === undefined) return null
  return others.length === 0 ? first.name : new Intl.ListFormat(language).format(authors.map(({ name }) => name))
}

/** The headline of a rendered card. */
export const headlineOf = (card: string): string => (JSON.parse(`{${card}}`) as { headline: string }).headline

/** What an edition is found by in lists: its section and those above it, tags and authors by their keys, its language. */
export const termsOf = (
  keys: Record<'section' | 'tag' | 'author', string[]>,
  language: string,
): { kind: TermKind; slug: string }[] => [
  ...(['tag', 'author', 'section'] as const).flatMap((kind) => keys[kind].map((slug) => ({ kind, slug }))),
  { kind: 'language', slug: language },
]

/** What delivery needs of an edition besides its body. */
export interface DraftEdition {
  articleId: string
  slug: string
  section: string
  edition: number
  publishedAt: string
  updatedAt: string
  liveFrom: string
  contentVersion: number
  card: string
}

/** The body of one version, rendered ahead of the transaction; with what else takes long, where that was done too. */
export interface Rendered {
  contentVersion: number
  body: ReturnType<typeof renderBody>
  counted?: Counted | undefined
}

/** How many words a text has, and by which an edition of it is found. */
export interface Counted {
  wordCount: number
  words: Words
}

/** What an article says, counted; `text` is the form of that name of its body. */
export const count = (content: Omit<ArticleContent, 'provenance' | 'slug' | 'externalId'>, text: string): Counted => ({
  wordCount: countWords(content.body, content.language),
  words: wordsIn({ ...content, byline: content.byline ?? bylineOf(content) }, text),
})

/** How many characters one request may still have rendered ahead: what is more waits for its turn in the transaction. */
export interface Ahead {
  left: number
}
