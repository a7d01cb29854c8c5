import { type DestinationStream, type Logger, pino } from 'pino'

/** JSON lines. Secrets have no business here; where one comes along with an error's request, it is cut out. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', 'headers.authorization', '*.headers.authorization', 'key.secret'],
      censor: '[secret]',
    },
    serializers: {
      // The message of a failed query holds its parameters, that is, what somebody wrote: the cause alone says enough.
      err: (error: Error & { query?: unknown }) =>
        pino.stdSerializers.err(error.query !== undefined && error.cause instanceof Error ? error.cause : error),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
