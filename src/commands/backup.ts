import { databaseFile } from '../db/files.ts'
import { isSound } from '../upkeep/service.ts'
import { makeBackup, tellingFaults } from './copying.ts'
import { settingsOf } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npx dateline backup [--force] FILE
  Copies the database as it is at this instant, while the server runs, and looks at the copy before it gets its name.
  Exit code 2: the copy is there, and the database has faults that are in it, too.`

export async function backup(args: string[]): Promise<number> {
  const options = { force: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, usage)
  const [path] = positionals
  if (path === undefined || positionals.length > 1) throw new CommandError(usage)
  return tellingFaults(async () => {
    const { bytes, examined } = await makeBackup(databaseFile(settingsOf().DATABASE_URL), path, values.force)
    const newest = examined === undefined ? '' : `, up to event ${examined.newestEvent}`
    process.stdout.write(`${path}: ${bytes} bytes, checked${newest}\n`)
    if (examined === undefined || isSound(examined)) return 0
    const kinds = examined.findings.filter(({ faults }) => faults.length > 0).map(({ kind }) => kind)
    process.stderr.write(
      `The backup is whole, and the database has faults that are in it, too (${kinds.join(', ')}): npx dateline doctor\n`,
    )
    return 2
  })
}
