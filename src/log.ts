import cluster from 'node:cluster'
import { type DestinationStream, type Logger, pino } from 'pino'
import { systemClock } from './shared/clock.ts'
import { withoutSecrets } from './shared/secrets.ts'

/** The lines of one turn of the event loop are written together: writing one took longer than much of what it tells of. */
function byTurns(): DestinationStream & { flushSync: () => void } {
  const out = pino.destination({ sync: true, minLength: 16_000 })
  let isDue = false
  // Not `flushSync`, which waits for the disk too.
  const flush = () => {
    isDue = false
    out.flush()
  }
  const flushSync = () => out.flushSync()
  process.on('exit', flushSync)
  return {
    write(line) {
      out.write(line)
      if (!isDue) setImmediate(flush)
      isDue = true
    },
    flushSync,
  }
}

/** JSON lines. Secrets have no business here; where one comes along with an error's request, it is cut out. */
export function makeLogger(level: string, destination: DestinationStream = byTurns()): Logger {
  const options = {
    level,
    // Of several processes, which one says it.
    base: cluster.isWorker ? { pid: process.pid } : null,
    timestamp: () => `,"time":"${systemClock.now()}"`,
    redact: {
      // By name only: to look for a field in whatever is logged costs as much as all the rest of a line.
      paths: [
        ...['authorization', 'headers.authorization', 'key.secret'],
        ...['err.authorization', 'err.*.authorization', 'err.*.headers.authorization'],
        // As Fastify calls what it tells a fault with.
        ...['req', 'res', 'request', 'reply'].flatMap((name) => [
          `${name}.authorization`,
          `${name}.headers.authorization`,
        ]),
      ],
      censor: '[secret]',
    },
    serializers: { err: loggedError, path: withoutSecrets },
  }
  return pino(options, destination)
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
