import { type ParseArgsConfig, parseArgs } from 'node:util'

/** A command that was called wrongly: exit 2, as is the custom. */
export class CommandError extends Error {
  readonly exitCode = 2
}

/** The arguments of a command, or a CommandError with `usage` where they are not as it says. */
export function parseCommand<Config extends ParseArgsConfig>(config: Config, usage: string) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}
