import { isDeepStrictEqual } from 'node:util'
import { renderCard } from '../../publishing/edition.ts'
import { changedBetween } from '../../publishing/rules.ts'
import type { Correction } from '../../publishing/schema.ts'
import { parsed, REPUBLISH } from '../look.ts'
import type { SeenEdition } from '../seen-editions.ts'

/**
 * What readers get of an article against what it said. The names of authors as a line are left out where the program has put them
 * together, and so are counts: another release of Node may do so otherwise. Of the text its blocks are compared, and its other
 * forms need only be there: an edition stays as it was rendered.
 */
export const editionCards = {
  kind: 'edition-card',
  says: 'readers get what articles said when they were published',
  advice: REPUBLISH,
  faultOf({ row, content, body }: SeenEdition): string | undefined {
    if (content === undefined) return 'is an edition of a version that has no text'
    const { slug, publishedAt, updatedAt, edition, card } = row
    const corrections = parsed(row.corrections) as Correction[] | undefined
    const was = parsed(`{${card}}`) as Record<string, unknown> | undefined
    if (was === undefined || !Array.isArray(corrections)) return 'is an edition whose card cannot be read'
    const wanted = renderCard(content, { publishedAt, updatedAt, edition, corrections })
    const changed = changedBetween({ slug, card }, { slug: content.slug, card: wanted }, false)
    const isTold = was.publishedAt === publishedAt && was.updatedAt === updatedAt && was.edition === edition
    const other = [
      ...changed.filter((each) => each !== 'byline' || content.byline !== null),
      ...(isTold ? [] : ['times']),
    ]
    if (other.length > 0) return `is an edition with another ${other.join(', ')} than its version`
    return body && bodyFault(body, content.body)
  },
}

function bodyFault(body: NonNullable<SeenEdition['body']>, blocks: unknown): string | undefined {
  if (!isDeepStrictEqual(parsed(body.blocks), blocks)) return 'is an edition with another text than its version'
  const isEmpty = parsed(body.text) === ''
  const isThere = [body.html, body.markdown, body.text].every((form) => {
    const text = parsed(form)
    return typeof text === 'string' && (isEmpty || text !== '')
  })
  return isThere ? undefined : 'is an edition whose text lacks a form'
}
