import { registerHooks } from 'node:module'

// Loaded into each process that the tests start, before the program. Node reads the whole list of exports of drizzle-orm,
// 180 kB, again for each of its files, which is a third of the time and of the memory of a start. Where its files name one
// another the answer is plain: the file beside.
registerHooks({
  resolve(specifier, context, next) {
    const isOwn = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.includes('/node_modules/drizzle-orm/')
    if (!isOwn) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  },
})
