import { ArchiveFault } from '../exporting/sealed.ts'
import { findFiles, PathFault, sourceOf } from '../importing/sources.ts'
import { progressOf } from './progress.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npx dateline load FILE
  Puts an export (ndjson) into an empty database: the same ids, versions, times and answers. All of it, or nothing.`

/** Puts an archive of a whole installation back. */
export async function load(args: string[]): Promise<number> {
  const { positionals } = parseCommand({ args, options: {}, allowPositionals: true }, usage)
  if (positionals.length !== 1) throw new CommandError(usage)
  const [file] = await findFiles(positionals).catch((error: unknown) => {
    throw error instanceof PathFault ? new CommandError(error.message) : error
  })
  if (file === undefined) throw new CommandError(usage)
  return withServices(async ({ exporting }) => {
    // It is read twice: whether it is whole is known before the first row is written.
    const progress = progressOf(2 * file.size, 'records')
    try {
      const source = await sourceOf(file, progress.advance)
      const many = await exporting.load(source.open, () => progress.count(1))
      process.stdout.write(`${many} records\n`)
      return 0
    } catch (error) {
      if (!(error instanceof ArchiveFault)) throw error
      process.stderr.write(
        `${file.path}${error.line === undefined ? '' : `:${error.line}`}: ${error.message}. Nothing was changed.\n`,
      )
      return 1
    } finally {
      progress.stop()
    }
  })
}
