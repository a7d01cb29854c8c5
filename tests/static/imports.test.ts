import { expect, it } from 'vitest'
import { sources as files, type Source } from '../support/sources.ts'

// ARCHITECTURE.md, "The flow". What may be imported is listed; everything else is forbidden.

const features = [
  'audit',
  'access',
  'events',
  'leases',
  'writing',
  'articles',
  'headlines',
  'fronts',
  'taxonomy',
  'publishing',
  'releases',
  'importing',
  'delivery',
  'exporting',
  'previews',
  'webhooks',
  'upkeep',
]
const pure = [
  'patch',
  'address',
  'rules',
  'schema',
  'edition',
  'examples',
  'body-form',
  'decode',
  'derive',
  'diff',
  'history-schema',
  'place-schema',
  'link-schema',
  'shown-link',
  'group',
  'items',
  'list-diff',
  'operations',
  'operations-schema',
  'choice',
  'html',
  'markdown',
  'text',
  'jsonld',
  'ninjs',
  'fields',
  'query-schema',
  'rows',
  'words',
  'snippets',
  'search-schema',
  'feed-schema',
  'term-schema',
  'site',
  'tags',
  'feed',
  'feed-formats',
  'feed-examples',
  'sitemap-xml',
  'faces',
  'formats',
  'addresses',
  'checks',
  'payload-schema',
  'format',
  'encoding',
  'sealed',
  'parts',
  'all',
  'dates',
  'encoding',
  'front-fields',
  'front-head',
  'front-matter',
  'front-publication',
  'file-paths',
  'markdown-parts',
  'markdown-kinds',
  'markdown-text',
  'shortcodes',
  'page',
  'linked-data',
  'xml-items',
  'xml-head',
  'feed-item',
  'feed-json',
  'feed-xml',
  'feed-media',
  'relative-links',
  'json-stream',
  'wxr',
  'dateline',
  'wordpress-text',
  'wordpress-parts',
  'wordpress-shortcodes',
  'wxr-site',
  'wxr-dates',
  'wxr-terms',
  'wxr-post',
  'wxr-own',
  'xml-text',
  'standings',
  'tar',
  'own-markdown',
  'own-document',
  'own',
  'ghost',
  'ghost-cards',
  'ready',
  'preparing',
  'holding',
  'worker',
  'records',
  'job-schema',
  'json-reader',
  'json-lines',
  'ghost-tables',
  'ghost-terms',
  'term-records',
  'losses',
  'ghost-post',
  'ghost-lexical',
  'ghost-mobiledoc',
  'ninjs-item',
  'ninjs-media',
  'ninjs-words',
]

/** The files of one feature, from the top down: each may import those that stand below it. */
const layers: Record<string, number> = {
  'rail-routes': 9,
  'staging-routes': 10,
  'front-routes': 8,
  'article-routes': 8,
  'list-routes': 8,
  'search-routes': 8.5,
  'term-routes': 8,
  'feed-routes': 8.5,
  'related-routes': 8,
  related: 6,
  'sitemap-routes': 8,
  'feed-answers': 7.5,
  sitemaps: 6,
  'link-routes': 9,
  'history-routes': 10,
  'lock-routes': 10,
  routes: 9,
  guard: 8,
  writes: 8,
  ticker: 8,
  sender: 8,
  attempts: 7,
  deliveries: 6,
  'delivery-routes': 8,
  messages: 3,
  order: 3,
  outgoing: 3,
  'delivery-store': 2,
  history: 8,
  locks: 8,
  answers: 7.5,
  kept: 8,
  again: 8.5,
  'desk-routes': 9,
  following: 8.5,
  archives: 9,
  jobs: 8,
  receiving: 7.5,
  working: 7.5,
  importer: 7,
  taking: 6,
  defining: 5,
  uploads: 3,
  outputs: 7.5,
  sources: 3,
  stream: 8,
  changes: 7.5,
  waiting: 3,
  present: 5,
  service: 7,
  endings: 6,
  decisions: 3,
  pieces: 6,
  erasure: 2,
  'ticker-store': 2,
  'telling-store': 2,
  telling: 4.5,
  notes: 1,
  'place-store': 2,
  'edition-store': 2,
  'front-store': 1,
  'list-store': 1,
  'search-store': 1.2,
  'face-store': 1,
  'term-store': 1.2,
  'sitemap-store': 1.2,
  'words-store': 1,
  rails: 6,
  windows: 6,
  showing: 3,
  due: 5,
  'rail-view': 5.5,
  plans: 5.5,
  pending: 6,
  lists: 5,
  targets: 4,
  refusals: 5,
  slugs: 5,
  conflicts: 5,
  'list-history': 5,
  fronts: 6,
  'article-lists': 5.5,
  search: 6,
  'term-names': 2.5,
  terms: 6,
  shown: 5,
  links: 5,
  store: 2,
  tables: 1,
  'known-checks': 4,
  check: 3,
  'seen-editions': 2,
  'seen-lists': 2,
  shapes: 2,
  look: 1,
  counted: 1.5,
}
const opensDatabase = [
  'kept',
  'again',
  'importer',
  'jobs',
  'receiving',
  'working',
  'taking',
  'defining',
  'conflicts',
  'list-history',
  'history',
  'locks',
  'writes',
  'service',
  'rails',
  'rail-view',
  'plans',
  'pending',
  'lists',
  'targets',
  'ticker',
  'due',
  'windows',
  'showing',
  'endings',
  'pieces',
  'erasure',
  'ticker-store',
  'telling-store',
  'telling',
  'notes',
  'place-store',
  'edition-store',
  'front-store',
  'list-store',
  'search-store',
  'words-store',
  'face-store',
  'term-store',
  'sitemap-store',
  'sitemaps',
  'related',
  'terms',
  'search',
  'article-lists',
  'fronts',
  'store',
  'tables',
  'sender',
  'attempts',
  'order',
  'deliveries',
  'delivery-store',
  'check',
  'seen-editions',
  'seen-lists',
  'look',
  'counted',
]
/** Files that hold SQL. */
const stores = [
  'store',
  'telling-store',
  'ticker-store',
  'place-store',
  'edition-store',
  'front-store',
  'list-store',
  'search-store',
  'words-store',
  'face-store',
  'term-store',
  'sitemap-store',
  'erasure',
  'delivery-store',
  'check',
  'seen-editions',
  'seen-lists',
  'look',
  'counted',
]
const layerOf = (name: string) => layers[name] ?? (pure.includes(name) ? 0 : Number.NaN)
/** Each check of the doctor has a file, and all of them are of one kind. */
const sources = files.map((source) =>
  source.path.startsWith('src/upkeep/checks/') ? { ...source, name: 'check' } : source,
)
const byPath = new Map(sources.map((source) => [source.path, source]))

/** Every import of one file of ours by another. */
const edges = sources.flatMap((from) =>
  from.imports.flatMap((path) => {
    const to = byPath.get(path)
    return to ? [{ from, to, shown: `${from.path} -> ${path}` }] : []
  }),
)
const refused = (isAllowed: (from: Source, to: Source) => boolean) =>
  edges.filter(({ from, to }) => !isAllowed(from, to)).map(({ shown }) => shown)

it('there is something to look at, and every import of a file of ours is found', () => {
  expect(edges.length).toBeGreaterThan(200)
  const lost = sources.flatMap(({ path, imports }) =>
    imports.filter((to) => to.startsWith('src/') && !byPath.has(to)).map((to) => `${path} -> ${to}`),
  )
  expect(lost).toEqual([])
})

it('every file of a feature is of a kind that has its place', () => {
  const unknown = sources.filter(({ folder, name }) => features.includes(folder) && Number.isNaN(layerOf(name)))
  expect(unknown.map(({ path }) => path)).toEqual([])
})

it('within a feature imports go down only: routes, guard, service, store, tables, and what is pure', () => {
  expect(
    refused((from, to) => {
      if (from.folder !== to.folder || !features.includes(from.folder)) return true
      const isTypeOfContent = from.name === 'tables' && to.name === 'schema'
      return layerOf(from.name) > layerOf(to.name) || isTypeOfContent || layerOf(from.name) + layerOf(to.name) === 0
    }),
  ).toEqual([])
})

it('features import features downward only, and never their stores or tables', () => {
  expect(
    refused((from, to) => {
      if (from.folder === to.folder || !features.includes(from.folder) || !features.includes(to.folder)) return true
      const isDown = features.indexOf(from.folder) > features.indexOf(to.folder)
      return isDown && ![...stores, 'tables'].includes(to.name)
    }),
  ).toEqual([])
})

it('only routes know HTTP, only stores, tables and services the database, only the database the tables', () => {
  expect(
    refused((from, to) => {
      if (!features.includes(from.folder)) return true
      if (to.folder === 'http')
        return /(routes|schema)$/.test(from.name) || ['writes', 'answers', 'kept', 'again'].includes(from.name)
      if (to.folder === 'db') return opensDatabase.includes(from.name)
      return to.folder !== ''
    }),
  ).toEqual([])
  const sql = sources.filter(({ imports }) => imports.some((each) => each.startsWith('drizzle-orm')))
  expect(sql.filter(({ folder, name }) => folder !== 'db' && !stores.includes(name)).map(({ path }) => path)).toEqual(
    [],
  )
})

it('what all stand on imports nothing of what stands on it', () => {
  const below: Record<string, (to: Source) => boolean> = {
    shared: (to) => to.folder === 'shared',
    http: (to) => ['http', 'shared'].includes(to.folder),
    // Of the rest of the program it knows only how libraries are loaded.
    body: (to) => to.folder === 'body' || to.path === 'src/shared/first-use.ts',
    db: (to) => ['db', 'shared'].includes(to.folder) || (features.includes(to.folder) && to.name === 'tables'),
  }
  expect(refused((from, to) => below[from.folder]?.(to) ?? true)).toEqual([])
  const columns = refused(
    (from, to) =>
      from.name !== 'tables' || from.folder === 'db' || to.folder !== 'db' || to.name === 'columns.postgres',
  )
  expect(columns).toEqual([])
})

it('delivery knows nothing of drafts: of the desk it imports schemas and the form of published links only', () => {
  const known = edges.filter(
    ({ from, to }) => from.folder === 'delivery' && features.slice(0, features.indexOf('delivery')).includes(to.folder),
  )
  const paths = [...new Set(known.map(({ to }) => to.path))]
  const allowed = [
    'src/access/guard.ts',
    'src/articles/schema.ts',
    'src/headlines/link-schema.ts',
    'src/headlines/edition.ts',
    'src/fronts/edition.ts',
    'src/headlines/group.ts',
    'src/headlines/shown-link.ts',
    'src/publishing/edition.ts',
    'src/taxonomy/schema.ts',
    'src/taxonomy/faces.ts',
  ]
  expect(paths.filter((path) => !allowed.includes(path))).toEqual([])
  const store = byPath.get('src/delivery/store.ts')
  expect(store?.code).toContain('PublishedTables')
  // The wiring hands it those tables and a door for reading, and no more.
  expect(byPath.get('src/services.ts')?.code).toMatch(
    /deliveryService\(\{\s+read: db\.read,\s+snapshot: db\.snapshot,\s+isSnapshotCheap: db\.isSnapshotCheap,\s+tables: publishedTables\(/,
  )
})

it('nobody imports in a circle', () => {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (source: Source, way: string[]) => {
    if (way.includes(source.path)) {
      circles.push([...way.slice(way.indexOf(source.path)), source.path].join(' -> '))
      return
    }
    if (done.has(source.path)) return
    for (const { from, to } of edges) if (from === source && !isTypeOnly(from, to)) visit(to, [...way, source.path])
    done.add(source.path)
  }
  const isTypeOnly = (from: Source, to: Source) =>
    new RegExp(`import type [^']*'[^']*/${to.name.replaceAll('.', '\\.')}\\.ts'`).test(from.text)
  for (const source of sources) visit(source, [])
  expect(circles).toEqual([])
})
