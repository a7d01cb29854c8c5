import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What Node has compiled once is taken from here by all processes and threads of all runs: they start a little sooner. */
export const compiled = join(tmpdir(), 'dateline-compiled')
