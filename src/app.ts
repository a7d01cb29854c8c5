import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import about from '../package.json' with { type: 'json' }
import { guard, noteRefusals } from './access/guard.ts'
import { accessRoutes, meRoute } from './access/routes.ts'
import { historyRoutes } from './articles/history-routes.ts'
import { lockRoutes } from './articles/lock-routes.ts'
import { articleRoutes } from './articles/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { databaseProblem } from './db/failure.ts'
import { sendKeptAgain } from './delivery/again.ts'
import { keepAnswers, keptAnswers } from './delivery/kept.ts'
import { deliveryRoutes } from './delivery/routes.ts'
import { deskChangeRoutes } from './events/desk-routes.ts'
import { followingOf } from './events/following.ts'
import { changeRoutes } from './events/routes.ts'
import { exportRoute } from './exporting/routes.ts'
import { frontHistoryRoutes } from './fronts/history-routes.ts'
import { frontRoutes } from './fronts/routes.ts'
import { listHistoryRoutes } from './headlines/history-routes.ts'
import { linkRoutes } from './headlines/link-routes.ts'
import { railRoutes } from './headlines/rail-routes.ts'
import { headlineRoutes } from './headlines/routes.ts'
import { stagingRoutes } from './headlines/staging-routes.ts'
import { requireAccepted } from './http/accept.ts'
import { serializerCompiler, validatorCompiler } from './http/compilers.ts'
import { compressAnswers } from './http/compress.ts'
import { readBodies, refuseNeedlessBody } from './http/content-types.ts'
import { answerCors } from './http/cors.ts'
import { docsRoutes } from './http/docs.ts'
import { deliveryDocument, editorialDocument } from './http/documents.ts'
import { drainable } from './http/drain.ts'
import { answerBrokenConnection, answerErrors, refuseAddress } from './http/errors.ts'
import { tagAnswers } from './http/etag.ts'
import { rememberAddresses } from './http/methods.ts'
import { buildDocument, collectRoutes } from './http/openapi.ts'
import { type App, refuseUnknownParameters } from './http/operation.ts'
import { isWaitedFor } from './http/patience.ts'
import { requestIdOf, watchRequests } from './http/requests.ts'
import { systemRoutes } from './http/system.ts'
import { importRoutes } from './importing/routes.ts'
import { openPreviewRoute, previewHeaders, previewRoutes } from './previews/routes.ts'
import { publishingRoutes } from './publishing/routes.ts'
import { releaseRoutes } from './releases/routes.ts'
import { buildServices, type Dependencies as ServiceDependencies } from './services.ts'
import { exportSettingsOf, originOf, siteOf } from './site.ts'
import { taxonomyRoutes } from './taxonomy/routes.ts'
import { documentedMessages } from './webhooks/payload-schema.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { batchRoute } from './writing/routes.ts'
import { editorialWrites } from './writing/writes.ts'

interface Dependencies extends ServiceDependencies {
  logger: FastifyBaseLogger
}

const noCompiler = (): never => {
  throw new Error('Every schema here is one of zod, and is compiled by http/compilers.ts')
}

/** The program without its process: no environment, no listening, so that tests can have many of it. */
export function buildApp({ config, db, clock, ids, logger }: Dependencies) {
  const services = buildServices({ config, db, clock, ids })
  const requestId = requestIdOf(ids)
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    // Its two lines per request become one, with what matters (http/requests.ts).
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: config.BODY_BYTES_MAX,
    // Ours are set below; without this it would load its own first, those for JSON Schema.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { maxParamLength: 1_000 },
    // Node would wait for ever for a slow body, and looks at its connections only every 30 s.
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: Math.min(config.REQUEST_TIMEOUT_MS, 15_000),
      connectionsCheckingInterval: Math.min(config.REQUEST_TIMEOUT_MS, 1_000),
      // Checked in http/requests.ts, so that its refusal is a problem document too.
      requireHostHeader: false,
    },
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isWaitedFor(socket)) return
      answerBrokenConnection(error, socket, ids(), logger)
    },
    frameworkErrors: refuseAddress,
  })
  // An expectation that is not known may be ignored (RFC 9110, 10.1.1); Node would refuse it without a word.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.server.maxConnections = config.CONNECTIONS_MAX
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('caller', null)
  app.decorateRequest('keepAtMostS', null)

  const addresses = rememberAddresses(app)
  const drain = drainable(app)
  readBodies(app)
  watchRequests(app)
  answerCors(app, { origins: config.CORS_ORIGINS, closedPrefix: '/v1/editorial', addresses })
  answerErrors(app, addresses, databaseProblem)

  const following = followingOf(services, config, drain.isServing, (error) =>
    app.log.error({ err: error }, 'the stream of changes could not go on'),
  )
  app.addHook('preClose', following.stream.end)

  const isPrivate = config.DELIVERY === 'private'
  type Routes = ReturnType<typeof collectRoutes>
  const routes = { delivery: [] as Routes, previews: [] as Routes, editorial: [] as Routes }

  app.register(
    async (door) => {
      if (isPrivate) {
        door.addHook('onRoute', (route) => {
          route.config = { ...route.config, scope: 'delivery:read' }
        })
      }
      refuseUnknownParameters(door)
      routes.delivery = collectRoutes(door)
      if (config.COMPRESSION === 'on') compressAnswers(door)
      noteRefusals(door, services.audit)
      door.addHook('onRequest', guard(services.access, isPrivate ? 'closed' : 'open'))
      door.addHook('onRequest', requireAccepted)
      const cache = {
        maxAgeS: config.CACHE_MAX_AGE_S,
        sharedMaxAgeS: config.CACHE_SHARED_MAX_AGE_S,
        staleIfErrorS: config.CACHE_STALE_IF_ERROR_S,
        isPrivate,
        tagFields: config.CACHE_TAGS,
      }
      if (!isPrivate) {
        const keeping = {
          kept: keptAnswers(),
          stretchAt: db.stretch,
          now: clock.now,
          isCut: config.CACHE_CUT === 'on',
        }
        keepAnswers(door, keeping)
        const isCompressed = config.COMPRESSION === 'on'
        sendKeptAgain(app, { ...keeping, cache, requestId, isCompressed, isServing: drain.isServing })
      }
      deliveryRoutes(door as App, services.delivery, {
        cache,
        site: siteOf(config),
        isPastPublic: config.PAST === 'public',
      })
      changeRoutes(door as App, following)
      meRoute(door as App)
    },
    { prefix: '/v1' },
  )

  // A door of its own, because its addresses are open in a private installation too. Partners find it with the others.
  app.register(
    async (door) => {
      refuseUnknownParameters(door)
      routes.previews = collectRoutes(door)
      // Before anything can be refused: a refusal is not kept, found or passed on either.
      door.addHook('onRequest', async (_request, reply) => {
        reply.headers(previewHeaders)
      })
      noteRefusals(door, services.audit)
      door.addHook('onRequest', guard(services.access, 'open'))
      door.addHook('onRequest', requireAccepted)
      openPreviewRoute(door as App, services.previews)
    },
    { prefix: '/v1' },
  )

  app.register(
    async (door) => {
      refuseUnknownParameters(door)
      routes.editorial = collectRoutes(door)
      door.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'private, no-store')
      })
      noteRefusals(door, services.audit)
      door.addHook('onRequest', guard(services.access, 'closed'))
      door.addHook('onRequest', requireAccepted)
      door.addHook('preValidation', async (request) => refuseNeedlessBody(request))
      tagAnswers(door)
      const writes = editorialWrites(services.writing)
      articleRoutes(door as App, writes, services)
      historyRoutes(door as App, writes, services)
      lockRoutes(door as App, writes, services.locks)
      headlineRoutes(door as App, writes, services.headlines)
      railRoutes(door as App, writes, services.rails)
      linkRoutes(door as App, services.pending)
      listHistoryRoutes(door as App, writes, services)
      stagingRoutes(door as App, writes, services)
      frontRoutes(door as App, writes, services.fronts)
      frontHistoryRoutes(door as App, writes, services.fronts)
      taxonomyRoutes(door as App, writes, services.taxonomy)
      publishingRoutes(door as App, writes, services)
      releaseRoutes(door as App, writes, services.releases)
      previewRoutes(door as App, writes, services.previews)
      accessRoutes(door as App, writes, services.access)
      webhookRoutes(door as App, writes, services.webhooks)
      importRoutes(door as App, writes, services.jobs, config.IMPORT_BYTES_MAX)
      exportRoute(door as App, services.exporting, exportSettingsOf(config))
      auditRoutes(door as App, services.audit)
      deskChangeRoutes(door as App, services.events, following)
      // The last, because it takes what the others have made known.
      batchRoute(door as App, writes, services.writing)
    },
    { prefix: '/v1/editorial' },
  )

  const serverUrl = originOf(config)
  const documents = {
    delivery: () =>
      buildDocument({ ...deliveryDocument, isClosed: isPrivate, version: about.version, serverUrl }, [
        ...routes.delivery,
        ...routes.previews,
      ]),
    editorial: () =>
      buildDocument({ ...editorialDocument, version: about.version, serverUrl }, routes.editorial, documentedMessages),
  }
  docsRoutes(app as unknown as App, [
    { name: 'delivery', title: deliveryDocument.title, make: documents.delivery },
    { name: 'editorial', title: editorialDocument.title, make: documents.editorial },
  ])
  systemRoutes(app as unknown as App, { version: about.version, ping: db.ping, isServing: drain.isServing })

  return { app, services, documents, drain: drain.end }
}
