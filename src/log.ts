import cluster from 'node:cluster'
import { type DestinationStream, type Logger, pino } from 'pino'
import { withoutSecrets } from './shared/secrets.ts'

/** JSON lines. Secrets have no business here; where one comes along with an error's request, it is cut out. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // Of several processes, which one says it.
    base: cluster.isWorker ? { pid: process.pid } : null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', 'headers.authorization', '*.headers.authorization', 'key.secret'],
      censor: '[secret]',
    },
    serializers: { err: loggedError, path: withoutSecrets },
  }
  return destination ? pino(options, destination) : pino(options)
}

/**
 * The message of a failed query holds its parameters, that is, what somebody wrote, and `detail` of PostgreSQL the row:
 * of the cause, these say enough.
 */
function loggedError(error: Error & { query?: unknown }): object {
  const isQuery = error.query !== undefined && error.cause instanceof Error
  const { type, message, code, table, constraint, stack, ...rest } = pino.stdSerializers.err(
    isQuery ? (error.cause as Error) : error,
  )
  const essentials = { type, message, code, table, constraint, stack }
  return isQuery ? essentials : { ...essentials, ...rest }
}
