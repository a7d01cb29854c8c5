import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

// Loaded into a process before the program (`node --import ./bin/quick-start.js src/main.ts`), which starts without it too, and
// is the same: its files are only found and compiled sooner. JavaScript, as Node would load what strips types to read this file alone.

// What Node has stripped and compiled is kept for the next start, among the installed libraries: not in the system's temporary
// folder, where somebody else could have put it. Where this user may not write there, nothing is kept. NODE_COMPILE_CACHE comes first.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dateline', import.meta.url)))

const known = new Map()

// Node looks for each file as if it could be anything, and reads the whole list of exports of drizzle-orm, 180 kB, again for each
// of its files and for each of ours that names it: a third of the time and of the memory of a start. Where files of ours, or of the
// two largest libraries that a start needs, name one another the answer is plain: the file beside.
registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL
    if (/^(drizzle-orm|zod)(\/|$)/.test(specifier)) {
      const found = known.get(specifier) ?? next(specifier, context)
      known.set(specifier, found)
      return { ...found, shortCircuit: true }
    }
    const format = specifier.endsWith('.ts')
      ? 'module-typescript'
      : specifier.endsWith('.js') && /\/node_modules\/(drizzle-orm|zod)\//.test(parent)
        ? 'module'
        : undefined
    if (format === undefined || !specifier.startsWith('.')) return next(specifier, context)
    return { url: new URL(specifier, parent).href, format, shortCircuit: true }
  },
})
