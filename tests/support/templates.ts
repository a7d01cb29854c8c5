import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    templateFolder: string
  }
}

/** A folder for the migrated databases that others are copied from. It goes with the run: workers end without a last word. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-templates-'))
  project.provide('templateFolder', folder)
  return () => rm(folder, { recursive: true, force: true })
}
