import { type ParseArgsConfig, parseArgs } from 'node:util'

/** A command that was called wrongly: exit 2, as is the custom. */
export class CommandError extends Error {
  readonly exitCode = 2
}

/** `--help` is among the arguments: the message is the usage, and nothing is done. */
export class HelpAsked extends Error {}

/** The arguments of a command, or a CommandError with `usage` where they are not as it says. */
export function parseCommand<Config extends ParseArgsConfig>(config: Config, usage: string) {
  if (config.args?.includes('--help')) throw new HelpAsked(usage)
  try {
    return parseArgs(config)
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}
