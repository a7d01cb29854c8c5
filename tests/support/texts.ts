import fc from 'fast-check'

const SURROGATES = { from: 0xd800, many: 0x800 }

function numberOf(character: unknown): number {
  if (typeof character !== 'string' || [...character].length !== 1) throw new Error('This is not one character')
  const point = character.codePointAt(0) ?? 0
  if (!character.isWellFormed()) throw new Error('This is half of a character')
  return point < SURROGATES.from ? point : point - SURROGATES.many
}

/** Any character at all. fast-check's `binary` is the same, but makes a table of the million that there are in each process: a second and 180 MB. */
export const anyCharacter = fc
  .nat({ max: 0x10ffff - SURROGATES.many })
  .map((n) => String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.many), numberOf)

// Characters that get lost somewhere: controls, NUL, both kinds of blanks, combining marks, emoji, the byte order mark.
const odd = fc.constantFrom(
  '\0',
  '\u0001',
  '\t',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\uffff',
  'e\u0301',
  '👨‍👩‍👧',
  '<',
  '&',
  '\\',
  '"',
)
/** Any text at all, odd characters more often than chance would have them. */
export const anyText = (maxLength: number) =>
  fc.string({ unit: fc.oneof(odd, fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 })), maxLength })
