import about from '../package.json' with { type: 'json' }
import { accessService } from './access/service.ts'
import { historyService } from './articles/history.ts'
import { lockService } from './articles/locks.ts'
import { articleService } from './articles/service.ts'
import { auditService } from './audit/service.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { publishedTables } from './db/tables.ts'
import { deliveryService } from './delivery/service.ts'
import { eventService } from './events/service.ts'
import { exportingService } from './exporting/service.ts'
import { frontService } from './fronts/service.ts'
import { pendingService } from './headlines/pending.ts'
import { railService } from './headlines/rails.ts'
import { headlineService } from './headlines/service.ts'
import { linkWindows } from './headlines/windows.ts'
import { archiveImports } from './importing/archives.ts'
import { importingService } from './importing/service.ts'
import { leaseService } from './leases/service.ts'
import { previewService } from './previews/service.ts'
import { clockNotes } from './publishing/due.ts'
import { publishingService } from './publishing/service.ts'
import { ticker } from './publishing/ticker.ts'
import { releaseService } from './releases/service.ts'
import type { Clock } from './shared/clock.ts'
import type { Ids } from './shared/ids.ts'
import { articleUrlOf, originOf, siteOf } from './site.ts'
import { taxonomyService } from './taxonomy/service.ts'
import { webhookSender } from './webhooks/sender.ts'
import { webhookService } from './webhooks/service.ts'
import { writingService } from './writing/service.ts'

export interface Dependencies {
  config: Config
  db: Database
  clock: Clock
  ids: Ids
}

/** The features, each handed what it stands on: the one place that knows them all. */
export function buildServices({ config, db, clock, ids }: Dependencies) {
  const audit = auditService({ db, clock, ids })
  const environment = config.NODE_ENV === 'production' ? 'live' : 'dev'
  const access = accessService({ db, clock, ids, audit, environment })
  const events = eventService({ db, clock, ids })
  const leases = leaseService({ db, clock, ids })
  const writing = writingService({ db, clock, audit })
  const articles = articleService({ db, clock, ids, languageDefault: config.DEFAULT_LANGUAGE })
  const history = historyService({ db, articles })
  const locks = lockService({ db, clock, articles })
  const headlines = headlineService({ db, clock, ids, audit, articles })
  const rails = railService({ db, clock, ids, audit, articles })
  const pending = pendingService({ db, clock, ids, audit, articles })
  const fronts = frontService({ db, clock, rails })
  const taxonomy = taxonomyService({ db, clock })
  const noteDue = clockNotes({ tables: db.tables, articles, audit, pending })
  const publishing = publishingService({ db, clock, articles, headlines, pending, taxonomy, noteDue })
  const releases = releaseService({ db, clock, ids, articles, rails, publishing })
  const importing = importingService({ db, clock, ids, audit, articles, headlines, rails, publishing })
  const { imports, jobs } = archiveImports(
    {
      ...{ db, clock, ids, audit, access, articles, headlines, rails, publishing, taxonomy },
      languageDefault: config.DEFAULT_LANGUAGE,
    },
    { folder: config.IMPORT_FOLDER, databaseUrl: config.DATABASE_URL, bytesMax: config.IMPORT_BYTES_MAX },
  )
  const clockwork = ticker({ db, clock, audit, articles, rails, windows: linkWindows({ db, clock }), noteDue, writing })
  const delivery = deliveryService({
    read: db.read,
    snapshot: db.snapshot,
    isSnapshotCheap: db.isSnapshotCheap,
    tables: publishedTables(db.tables),
    clock,
    articleUrl: articleUrlOf(config),
    site: siteOf(config),
  })
  const previews = previewService({
    db,
    clock,
    ids,
    access,
    articles,
    rails,
    publishing,
    delivery,
    origin: originOf(config),
  })
  const exporting = exportingService({ db, clock, version: about.version, present: delivery.presentOn, publishing })
  const policy = { hostsAllowed: config.WEBHOOK_HOSTS_ALLOWED, isHttpAllowed: config.WEBHOOK_HTTP === 'on' }
  const webhooks = webhookService({
    db,
    clock,
    ids,
    events,
    facesNow: delivery.facesNow,
    policy,
    hasTags: config.CACHE_TAGS.length > 0,
  })
  const sender = webhookSender({
    ...{ db, clock, ids, audit, events, policy, timeoutMs: config.WEBHOOK_TIMEOUT_MS },
    facesNow: delivery.facesNow,
  })
  return {
    audit,
    access,
    events,
    leases,
    writing,
    articles,
    history,
    locks,
    headlines,
    rails,
    pending,
    fronts,
    taxonomy,
    publishing,
    releases,
    importing,
    imports,
    jobs,
    delivery,
    exporting,
    previews,
    webhooks,
    sender,
    ticker: clockwork,
  }
}
