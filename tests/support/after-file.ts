import { afterAll } from 'vitest'
import { killAll } from './process.ts'

// Files of tests share the modules of their worker, which saves the time of loading them again and again. What has to
// happen after each file is said here, because the runner reads this for each of them.
afterAll(killAll)
