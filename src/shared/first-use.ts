import { createRequire } from 'node:module'

/** What is made when it is first asked for, and then kept. */
export function onFirstUse<Made>(make: () => Made): () => Made {
  let made: { value: Made } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const load = createRequire(import.meta.url)

/**
 * A library that is loaded when it is first used: most of a start, and much of the memory, is libraries that a process may never need.
 * For those that one call uses at once; what is used behind an `await` is loaded there, by `import()`.
 */
export const library = <Library>(name: string): (() => Library) => onFirstUse(() => load(name) as Library)
