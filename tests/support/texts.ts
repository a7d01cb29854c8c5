import fc from 'fast-check'

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
  fc.string({ unit: fc.oneof(odd, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength })
