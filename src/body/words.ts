import type { Block } from './schema.ts'
import { spanText } from './to-text.ts'

/**
 * Counts the words of the prose (not of code or addresses) by the rules of a language (BCP 47 tag; UAX #29 with the
 * dictionaries of Intl.Segmenter). An unknown tag counts by the root rules.
 */
export function countWords(blocks: readonly Block[], language: string): number {
  const segmenter = segmenterFor(language)
  let words = 0
  for (const text of blocks.flatMap(prose)) {
    for (const piece of text.split(' ')) {
      if (PLAIN.test(piece)) words++
      else for (const segment of segmenter.segment(piece)) if (segment.isWordLike) words++
    }
  }
  return words
}

/** One word in every language, with marks around it: nearly all are, and need no dictionary. Nothing joins what a blank parts. */
const PLAIN = /^["'(“‘]*[A-Za-z0-9]+["')”’.,;:!?]*$/

const segmenters = new Map<string, Intl.Segmenter>()
/** A newsroom has a few languages; somebody who sends many must not fill the memory. */
const SEGMENTERS_MAX = 50

/** Making one takes longer than most texts. */
function segmenterFor(language: string): Intl.Segmenter {
  const known = segmenters.get(language)
  if (known !== undefined) return known
  if (segmenters.size >= SEGMENTERS_MAX) segmenters.clear()
  const made = makeSegmenter(language)
  segmenters.set(language, made)
  return made
}

function makeSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: 'word' })
  } catch {
    return new Intl.Segmenter('und', { granularity: 'word' })
  }
}

function prose(block: Block): string[] {
  switch (block._type) {
    case 'block':
      return [spanText(block.children)]
    case 'image':
      return [block.caption ?? '']
    case 'embed':
      return [block.title ?? '']
    case 'table':
      return [block.caption ?? '', ...block.rows.flatMap(({ cells }) => cells.map((cell) => spanText(cell.children)))]
    default:
      return []
  }
}
