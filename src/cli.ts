import { backup, doctor, restore } from './commands/backup.ts'
import { exportArchive } from './commands/export.ts'
import { importArchive } from './commands/import.ts'
import { keys } from './commands/keys.ts'
import { load } from './commands/load.ts'
import { migrate } from './commands/migrate.ts'
import { openapi } from './commands/openapi.ts'
import { seed } from './commands/seed.ts'
import { CommandError } from './commands/usage.ts'

/** Each command is given its arguments and answers its exit code. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  migrate,
  seed,
  import: importArchive,
  export: exportArchive,
  load,
  backup,
  restore,
  doctor,
  openapi,
  keys,
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (command === undefined) {
  process.stderr.write(`Usage: npx dateline ${Object.keys(commands).join('|')} …\n`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await command(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof CommandError ? error.exitCode : 1
  }
}
