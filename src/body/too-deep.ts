/**
 * Thrown for a text whose structure, rather than its length, would cost too much to read. The message says which
 * limit.
 */
export class BodyTooDeep extends Error {
  override name = 'BodyTooDeep'
}

/** The deepest nesting of elements that is read. Every walk of this folder may therefore recurse. */
export const MAX_DEPTH = 400
/** The most elements one text may have. */
export const MAX_ELEMENTS = 200_000
