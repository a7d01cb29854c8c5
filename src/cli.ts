import about from '../package.json' with { type: 'json' }
import { backup } from './commands/backup.ts'
import { doctor } from './commands/doctor.ts'
import { exportArchive } from './commands/export.ts'
import { importArchive } from './commands/import.ts'
import { keys } from './commands/keys.ts'
import { load } from './commands/load.ts'
import { migrate } from './commands/migrate.ts'
import { openapi } from './commands/openapi.ts'
import { restore } from './commands/restore.ts'
import { seed } from './commands/seed.ts'
import { CommandError, HelpAsked } from './commands/usage.ts'

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

// Whoever reads what we write may have enough of it (`| head`): that is no fault. What waits for a write is told by the write.
if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined)

const usage = `Usage: npx dateline COMMAND …, where COMMAND is one of ${Object.keys(commands).join(', ')}
  npx dateline COMMAND --help says more.\n`

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (name === '--version') process.stdout.write(`${about.version}\n`)
else if (name === '--help' || name === 'help') process.stdout.write(usage)
else if (command === undefined) {
  process.stderr.write(name === '' ? usage : `There is no command "${name}".\n${usage}`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await command(args)
  } catch (error) {
    if (error instanceof HelpAsked) process.stdout.write(`${error.message}\n`)
    else if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = error instanceof CommandError ? error.exitCode : 1
    }
  }
}
