/** The decorators a span may carry, from the outermost to the innermost as they are rendered. */
export const DECORATORS = ['strong', 'em', 'underline', 'strike-through', 'sub', 'sup', 'code'] as const

/** The name of a decorator. */
export type Decorator = (typeof DECORATORS)[number]

/** The element each decorator is rendered as. */
export const ELEMENT_OF: Record<Decorator, string> = {
  strong: 'strong',
  em: 'em',
  underline: 'u',
  'strike-through': 's',
  sub: 'sub',
  sup: 'sup',
  code: 'code',
}

/** The decorator that each HTML element stands for. */
export const DECORATOR_OF: ReadonlyMap<string, Decorator> = new Map([
  ['strong', 'strong'],
  ['b', 'strong'],
  ['em', 'em'],
  ['i', 'em'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strike-through'],
  ['strike', 'strike-through'],
  ['del', 'strike-through'],
  ['sub', 'sub'],
  ['sup', 'sup'],
  ['code', 'code'],
  ['kbd', 'code'],
  ['samp', 'code'],
  ['tt', 'code'],
])

/** The decorators in the order they are rendered, each once. */
export function inOrder(decorators: Iterable<string>): Decorator[] {
  const wanted = new Set(decorators)
  return DECORATORS.filter((decorator) => wanted.has(decorator))
}
