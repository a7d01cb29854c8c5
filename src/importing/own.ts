import { contentOf } from '../articles/rules.ts'
import type { ArticleContent } from '../articles/schema.ts'
import { toHtml } from '../body/to-html.ts'
import { bylineOf } from '../publishing/edition.ts'
import { isUuid } from '../shared/fields.ts'
import { canonical, isObject } from '../shared/json.ts'
import { ownBlocks, ownMarkdown } from './formats/own-markdown.ts'
import type { Ready } from './ready.ts'

// Articles that Dateline exported and that come back: which they are, and whether they still say the same.

/** The id of the article that a record says to be; undefined for what Dateline did not write. */
export function ownIdOf({ record, externalId }: Pick<Ready, 'record' | 'externalId'>): string | undefined {
  const named = /^(?:dateline:|ninjs:urn:uuid:)(.+)$/.exec(externalId)?.[1] ?? ''
  return record.articleId ?? (isUuid(named) ? named : undefined)
}

/**
 * Whether an article says what a record says, as far as that has fields for it and blanks at the ends of texts apart. A text that went
 * through Markdown is compared as Markdown has it.
 */
export function isSaid(
  { record, fields, slug, body }: Pick<Ready, 'record' | 'fields' | 'slug' | 'body'>,
  content: ArticleContent,
): boolean {
  if (slug !== undefined && slug !== content.slug) return false
  const given = contentOf(fields, content.language)
  const isNinjs = record.articleId === undefined
  const names = (Object.keys(fields) as (keyof ArticleContent)[]).filter((name) => name in given)
  const differs = names.find((name) => {
    // What ninjs has is what readers get: a byline that was made, and notes of what was corrected.
    if (isNinjs && name === 'notes') return false
    if (isNinjs && name === 'byline')
      return folded(given.byline, []) !== folded(content.byline ?? bylineOf(content), [])
    const without = !isNinjs ? [] : name === 'authors' ? ['slug'] : ['focalPoint']
    return folded(given[name as keyof typeof given], without) !== folded(content[name], without)
  })
  if (differs !== undefined) return false
  const said = toHtml(body)
  return said === toHtml(content.body) || said === toHtml(ownBlocks(ownMarkdown(content.body)))
}

/** So that blanks make no difference, nor what ninjs does not have: slugs of authors, and the point of a picture but rounded. */
const folded = (value: unknown, without: string[]): string => {
  const plain = (each: unknown): unknown => {
    if (typeof each === 'string') return each.replaceAll(/\s+/gu, ' ').trim()
    if (Array.isArray(each)) return each.map(plain)
    if (!isObject(each)) return each ?? null
    const kept = Object.entries(each).filter(([name]) => !without.includes(name))
    return Object.fromEntries(kept.map(([name, inside]) => [name, plain(inside)]))
  }
  return canonical(plain(value))
}
