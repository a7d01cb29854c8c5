import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { buildApp } from './app.ts'
import { runSeveral } from './cluster.ts'
import { type Config, databaseSettings, readConfig } from './config.ts'
import { migrateDatabase, openDatabase } from './db/open.ts'
import { prepareFirstStart } from './first-start.ts'
import { makeLogger } from './log.ts'
import { buildServices } from './services.ts'
import { systemClock } from './shared/clock.ts'
import { newId } from './shared/ids.ts'
import { originOf } from './site.ts'

/** How often what has become due is noted; readers see it without that. */
const TICK_MS = 500

/** The process: settings, database, program, port; and an orderly end. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = makeLogger(config.LOG_LEVEL)
  if (config.DATELINE_WORKERS > 1 && cluster.isPrimary) return several(config)
  await migrateDatabase(config.DATABASE_URL)
  const db = await openDatabase(databaseSettings(config), (error) =>
    logger.warn({ err: error }, 'a database connection was lost'),
  )
  const { app, services, drain } = buildApp({ config, db, clock: systemClock, ids: newId, logger })

  const firstStart = cluster.isWorker ? {} : await begin(services, config)
  await app.listen({ host: config.HOST, port: config.PORT }).catch((error: unknown) => {
    throw listeningFailure(config, error)
  })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.PORT
  const origin = config.PUBLIC_URL ?? originOf({ ...config, PORT: port })
  if (config.NODE_ENV === 'development' && !cluster.isWorker) process.stdout.write(welcome(origin, firstStart.article))

  // Of several processes one does what comes by the clock, and one sends.
  const one = (name: string) => (cluster.isWorker ? () => services.leases.isOurs(name) : undefined)
  const stopTicker = services.ticker.start(
    TICK_MS,
    (error) => logger.error({ err: error }, 'the clock could not do its work'),
    one('clock'),
  )
  const stopSender = services.sender.start(
    TICK_MS,
    (error) => logger.error({ err: error }, 'webhooks could not be sent'),
    one('sender'),
  )

  const stopImports = services.jobs.start(TICK_MS, (error) => logger.error({ err: error }, 'an import could not go on'))

  let isEnding = false
  const end = (signal: string) => {
    if (isEnding) return
    isEnding = true
    logger.info({ signal }, 'ending: new connections are refused, accepted requests are finished')
    const totalMs = config.SHUTDOWN_TIMEOUT_MS
    Promise.all([drain({ idleMs: Math.min(2_000, totalMs), totalMs }), stopSender(), stopImports(totalMs)])
      .then(stopTicker)
      .then(services.leases.release)
      .then(() => db.close())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        logger.fatal({ err: error }, 'the end was not orderly')
        process.exit(1)
      })
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}

/** What comes before the first request of a new installation, once. */
async function begin(services: ReturnType<typeof buildServices>, config: Config) {
  // Before a key is made, which is shown this once: a start that fails here is done again as if it had not been.
  await tryPort(config).catch((error: unknown) => {
    throw listeningFailure(config, error)
  })
  const firstStart = await prepareFirstStart(services, config)
  // Before listening, which may fail all the same: only its hash is left of a key that nobody saw.
  if (firstStart.key !== undefined) process.stdout.write(`Your admin key, shown this once: ${firstStart.key}\n`)
  return firstStart
}

/** This program as several processes: what comes once is done here, before them. */
async function several(config: Config): Promise<void> {
  const logger = makeLogger(config.LOG_LEVEL)
  await migrateDatabase(config.DATABASE_URL)
  const db = await openDatabase(databaseSettings(config), () => undefined)
  const firstStart = await begin(buildServices({ config, db, clock: systemClock, ids: newId }), config)
  await db.close()
  await runSeveral({
    many: config.DATELINE_WORKERS,
    totalMs: config.SHUTDOWN_TIMEOUT_MS,
    onDeath: ({ process: { pid } }, how) => logger.error({ pid, how }, 'a process has died: another takes its place'),
    onReady: () => {
      if (config.NODE_ENV === 'development') process.stdout.write(welcome(originOf(config), firstStart.article))
    },
  })
  process.exit(0)
}

/** Listens for a moment and fails where the server would. Not the server itself: it must not answer before it is ready. */
async function tryPort({ HOST, PORT }: Config): Promise<void> {
  // Whoever connects meanwhile is let go, or the probe would not close.
  const probe = createServer((socket) => socket.destroy()).listen({ host: HOST, port: PORT })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

function listeningFailure({ HOST, PORT }: Config, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const advice =
    code === 'EADDRINUSE'
      ? 'Another program has that port, perhaps another Dateline: end it, or set PORT to a free one.'
      : code === 'EACCES'
        ? 'Ports below 1024 need special rights: set PORT to a higher one.'
        : 'Set HOST to an address of this machine, or to 0.0.0.0 for all of them.'
  return new Error(`The server cannot listen on PORT ${PORT} of HOST ${HOST}: ${message}\n${advice}`, { cause: error })
}

/** What a newcomer needs first. In production there is the log alone. */
function welcome(origin: string, article: string | undefined): string {
  const lines = [
    `Dateline is at ${origin}`,
    `  articles    ${origin}/v1/articles`,
    ...(article === undefined ? [] : [`  one of them ${origin}/v1/articles/${article}`]),
    `  reference   ${origin}/docs/`,
  ]
  return `${lines.join('\n')}\n`
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
