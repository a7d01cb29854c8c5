import type * as z from 'zod'
import type { HeadlineLinkCreate } from './link-schema.ts'
import type { ItemInsert, ListOperations } from './operations-schema.ts'
import type {
  EditorialHeadlineLinkInPlace,
  EditorialHeadlines,
  EditorialRail,
  ListVersion,
  ListVersionSummary,
  RailCreate,
} from './schema.ts'

// Examples for the OpenAPI document: a homepage rail made of the source document's headlines.

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }
const empty = {
  kicker: null,
  summary: null,
  byline: null,
  image: null,
  hideImage: false,
  label: null,
  prominence: 'normal' as const,
  pin: null,
  startsAt: null,
  endsAt: null,
  sublinks: [],
  note: null,
  followsStory: true,
}
const pending = {
  ...empty,
  id: '019b0f61-2c6e-7000-b2a1-6a2f5f2c1d01',
  position: 0,
  headline: 'Federal Judge Restores Funding for Gateway Rail Tunnel Project',
  target: null,
  state: 'pending' as const,
}
const elsewhere = {
  ...empty,
  id: '019b0f61-2c6e-7000-b2a1-6a2f5f2c1d02',
  position: 1,
  headline: 'South Korea Assures U.S. on Trade Deal Commitments Amid Tariff Concerns',
  target: { kind: 'url' as const, url: 'https://news.example/south-korea' },
  pin: 0,
  state: 'ok' as const,
}
/** As a version has it: whether readers see a link is no part of it. */
const written = ({ state: _state, ...link }: typeof pending | typeof elsewhere) => link
const stands = { version: 3, updatedAt: '2026-11-22T18:10:00.000Z', updatedBy: desk }

export const headlines: EditorialHeadlines = {
  articleId: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  ...stands,
  items: [pending, elsewhere],
}
export const headlinesReplace = {
  items: [{ headline: elsewhere.headline, target: elsewhere.target }, { id: pending.id }],
}
export const linkCreate: z.input<typeof HeadlineLinkCreate> = { headline: elsewhere.headline, target: elsewhere.target }
const shutdown = 'DHS Funding Talks Stall as Shutdown Looms Over Agency Reforms'
export const operations: z.input<typeof ListOperations> = {
  operations: [
    { op: 'insert', item: { headline: shutdown, kicker: 'Live', endsAt: '2026-11-23T06:00:00Z' }, before: pending.id },
    { op: 'pin', id: elsewhere.id, at: 0 },
    { op: 'update', id: pending.id, changes: { label: 'analysis' } },
  ],
}
export const insert: z.input<typeof ItemInsert> = { item: { headline: shutdown }, place: 'first' }
export const linkPatch = { target: { kind: 'url', url: 'https://news.example/gateway-tunnel' } }
export const link: EditorialHeadlineLinkInPlace = {
  ...pending,
  list: { articleId: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02', railKey: null, version: 3 },
}
export const rail: EditorialRail = {
  key: 'home-top',
  title: 'Top stories',
  description: null,
  language: 'en',
  followsStories: true,
  maxItems: 10,
  backfill: { section: 'world' },
  scheduled: null,
  ...stands,
  items: [pending, elsewhere],
}
export const railList = { data: [rail], page: { limit: 20, next: null, previous: null } }
export const railCreate: z.input<typeof RailCreate> = {
  key: 'home-top',
  title: 'Top stories',
  maxItems: 10,
  backfill: { section: 'world' },
  items: [{ headline: pending.headline }, linkCreate],
}
export const railReplace = { title: 'Top stories', items: headlinesReplace.items }
export const railPatch = { title: 'The top of the page' }

const appended: ListVersionSummary = {
  version: 3,
  action: 'append',
  isPlan: false,
  createdAt: '2026-11-22T18:10:00.000Z',
  createdBy: desk,
}
export const versions = { data: [appended], page: { limit: 20, next: null, previous: null } }
export const version: ListVersion = {
  ...appended,
  title: null,
  description: null,
  language: null,
  followsStories: true,
  maxItems: null,
  backfill: null,
  items: [written(pending), written(elsewhere)],
}

const place = { articleId: null, railKey: 'home-top', title: 'Top stories', version: 3 }
const onePage = { limit: 20, next: null, previous: null }
export const placedLinks = { data: [{ ...pending, list: place }], page: onePage }
export const placements = { data: [{ linkId: elsewhere.id, position: 1, list: place }], page: onePage }
