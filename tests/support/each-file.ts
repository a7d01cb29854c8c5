import fc from 'fast-check'
import { afterAll } from 'vitest'
import { killAll } from './process.ts'
import { rounds } from './rounds.ts'

// Files of tests share the modules of their worker, which saves the time of loading them again and again. What has to
// happen for each file is said here, because the runner reads this for each of them.
afterAll(killAll)

// Without a seed two runs of the same code are two different tests. A long run looks for what nobody has seen yet.
const seed = process.env.DATELINE_TEST_SEED ?? (rounds === 1 ? 1911 : undefined)
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) })
