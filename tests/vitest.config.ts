import { defineConfig } from 'vitest/config'
import { compiled } from './support/compiled.ts'
import { rounds } from './support/rounds.ts'

// The same files run twice, on each engine; what needs no database runs once.
const withoutDatabase = [
  'tests/articles/diff.property.test.ts',
  'tests/bench/*.test.ts',
  'tests/body/**/*.test.ts',
  'tests/contract/examples.test.ts',
  'tests/delivery/formats.property.test.ts',
  'tests/headlines/list-diff.property.test.ts',
  'tests/fronts/order.property.test.ts',
  'tests/exporting/*.property.test.ts',
  'tests/importing/*.property.test.ts',
  'tests/importing/document.test.ts',
  'tests/importing/losses.test.ts',
  'tests/importing/formats/**/*.test.ts',
  'tests/shared/**/*.test.ts',
  'tests/static/**/*.test.ts',
  'tests/webhooks/*.property.test.ts',
]
/** What does not know on which engine it runs is run on one of them: documents, connections, caches
 * in front, and what is refused before a database is asked: the form of a request, its method, an address of a webhook. */
const onAnyEngine = [
  'tests/caches/**/*.test.ts',
  'tests/contract/openapi.test.ts',
  'tests/http/compression.test.ts',
  'tests/http/cors.test.ts',
  'tests/http/methods.test.ts',
  'tests/http/requests.test.ts',
  'tests/importing/seed.test.ts',
  'tests/process/ending.test.ts',
  'tests/process/limits.test.ts',
  'tests/process/progress.test.ts',
  'tests/process/signals.test.ts',
  'tests/process/usage.test.ts',
  'tests/webhooks/addresses.test.ts',
  'tests/webhooks/purge.test.ts',
]
const all = ['tests/**/*.test.ts']
const root = new URL('..', import.meta.url).pathname

export default defineConfig({
  test: {
    root,
    pool: 'forks',
    // Loading the program takes longer than most files of tests: each worker does it once.
    isolate: false,
    // As the program itself is started, so that a worker does not read drizzle's list of exports some two hundred times.
    execArgv: ['--import', new URL('../bin/quick-start.js', import.meta.url).href],
    env: { NODE_COMPILE_CACHE: compiled },
    setupFiles: ['tests/support/each-file.ts'],
    maxWorkers: 2,
    testTimeout: 30_000 * Math.max(1, rounds),
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'pure', include: withoutDatabase } },
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: all,
          exclude: withoutDatabase,
          env: { TEST_ENGINE: 'sqlite' },
          globalSetup: 'tests/support/templates.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: all,
          exclude: [...withoutDatabase, ...onAnyEngine],
          env: { TEST_ENGINE: 'postgres' },
          globalSetup: 'tests/support/postgres.ts',
        },
      },
    ],
  },
})
