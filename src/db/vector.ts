import { GAP } from '../shared/words.ts'

/** The weights of fields in PostgreSQL, the weightiest first. */
export const WEIGHTS = ['A', 'B', 'C'] as const

/**
 * The words of up to three fields, each joined by blanks, as the text form of PostgreSQL's `tsvector`. Made here and not
 * by `to_tsvector`, whose parser has its own ideas of what a word is. No word holds anything but letters and digits.
 */
export function vectorOf(fields: string[]): string {
  const places = new Map<string, string[]>()
  let position = 0
  for (const [at, field] of fields.entries()) {
    for (const word of field === '' ? [] : field.split(' ')) {
      position++
      if (word === GAP) continue
      const place = `${position}${WEIGHTS[at]}`
      const known = places.get(word)
      if (known) known.push(place)
      else places.set(word, [place])
    }
  }
  return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ')
}
