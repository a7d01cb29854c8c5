import about from '../package.json' with { type: 'json' }
import { CommandError, HelpAsked } from './commands/usage.ts'

type Command = (args: string[]) => Promise<number>

/** Each command is given its arguments and answers its exit code. It is loaded when it is asked for: one needs little of what all need. */
const commands: Record<string, () => Promise<Command>> = {
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  seed: async () => (await import('./commands/seed.ts')).seed,
  import: async () => (await import('./commands/import.ts')).importArchive,
  export: async () => (await import('./commands/export.ts')).exportArchive,
  load: async () => (await import('./commands/load.ts')).load,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  openapi: async () => (await import('./commands/openapi.ts')).openapi,
  keys: async () => (await import('./commands/keys.ts')).keys,
}

// Whoever started this (bin/dateline.js) may be killed without a word: then nobody waits for the work.
if (import.meta.main) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
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
    const run = await command()
    process.exitCode = await run(args)
  } catch (error) {
    if (error instanceof HelpAsked) process.stdout.write(`${error.message}\n`)
    else if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = error instanceof CommandError ? error.exitCode : 1
    }
  }
}
