import type * as z from 'zod'
import { summary as article } from '../articles/examples.ts'
import type { ListDiff } from './history-schema.ts'
import type { HeadlineLinkCreate } from './link-schema.ts'
import type { ItemInsert, ListOperations } from './operations-schema.ts'
import type { PlacedLink, Placement } from './place-schema.ts'
import type {
  EditorialHeadlineLinkInPlace,
  EditorialHeadlines,
  EditorialRail,
  ListVersion,
  ListVersionSummary,
  RailCreate,
  RailPublish,
  RemovedLinks,
} from './schema.ts'

// Examples for the OpenAPI document: the links of the source document that a new installation begins with, and a
// homepage of its headlines. Readers get the same links in delivery/examples.ts.

type Link = EditorialRail['items'][number]
type Sublink = Link['sublinks'][number]

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }
const stands = { version: 3, updatedAt: '2026-11-22T18:10:00.000Z', updatedBy: desk }
const onePage = { limit: 20, next: null, previous: null }
const to = (page: string) => ({ kind: 'url' as const, url: `https://news.example/${page}` })
const toArticle = { kind: 'article' as const, id: article.id }
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

/** A link by the end of its id; pending without a target. */
const item = (end: string, position: number, headline: string | null, more: Partial<Link> = {}): Link => ({
  id: `019b0f61-2c6e-7000-b2a1-6a2f5f2c${end}`,
  position,
  headline,
  ...empty,
  target: null,
  state: more.target ? 'ok' : 'pending',
  ...more,
})
const sublink = (end: string, headline: string, target: Sublink['target'] = null): Sublink => ({
  id: `019b0f61-2c6e-7000-b2a1-6a2f5f2c${end}`,
  headline,
  kicker: null,
  target,
})
/** As a version has it: whether readers see a link is no part of it. */
const written = ({ state: _state, ...fields }: Link) => fields

// The links of the article.

const japan = 'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall'
const nexstar = 'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape'
const taiwan = 'China Warns US Arms Sales to Taiwan Could Disrupt Trump’s Planned Visit'
const tunnel = 'Federal Judge Restores Funding for Gateway Rail Tunnel Project'
const oman = 'Iran–U.S. Nuclear Talks in Oman Face Major Hurdles Amid Rising Regional Tensions'

const first = item('1d01', 0, nexstar)
const second = item('1d02', 1, japan, { target: to('japan-election'), prominence: 'high', pin: 1 })
const third = item('1d03', 2, taiwan)
export const headlines: EditorialHeadlines = { articleId: article.id, ...stands, items: [first, second, third] }
export const linkCreate: z.input<typeof HeadlineLinkCreate> = { headline: taiwan }
export const headlinesReplace = {
  items: [{ headline: japan, target: to('japan-election') }, { id: first.id }, { id: third.id }],
}
export const linkPatch = { target: to('nexstar-tegna') }
const inList = { articleId: article.id, railKey: null, version: 3 }
export const link: EditorialHeadlineLinkInPlace = { ...first, parentId: null, list: inList }
export const linkCreated: EditorialHeadlineLinkInPlace = { ...third, parentId: null, list: inList }
export const linkPatched: EditorialHeadlineLinkInPlace = { ...link, ...linkPatch, state: 'ok' }
export const headlinesOperations: z.input<typeof ListOperations> = {
  operations: [
    { op: 'insert', item: { headline: tunnel, kicker: 'Live', endsAt: '2026-11-23T06:00:00Z' }, before: first.id },
    { op: 'pin', id: second.id, at: 0 },
    { op: 'update', id: third.id, changes: { label: 'analysis' } },
  ],
}
const newest: ListVersionSummary = {
  version: 3,
  action: 'operations',
  isPlan: false,
  createdAt: stands.updatedAt,
  createdBy: desk,
}
export const versions = { data: [newest], page: onePage }
const ofNoRail = {
  title: null,
  description: null,
  language: null,
  followsStories: true,
  maxItems: null,
  backfill: null,
}
export const headlinesVersion: ListVersion = { ...newest, ...ofNoRail, items: headlines.items.map(written) }

// A homepage.

const talks = sublink('2e03', 'Trump Says “Very Good Talks” Underway on Russia-Ukraine War as Peace Efforts Continue')

const lead = item('2e01', 0, null, {
  target: toArticle,
  prominence: 'max',
  pin: 0,
  sublinks: [
    sublink('2e02', 'US Pushes Ukraine-Russia Peace Talks Before Summer Amid Escalating Attacks', to('peace-talks')),
    talks,
  ],
})
const iran = item('2e04', 1, oman, {
  kicker: 'Middle East',
  target: to('oman'),
  prominence: 'high',
  sublinks: [sublink('2e05', 'Netanyahu to Meet Trump in Washington as Iran Nuclear Talks Intensify', to('netanyahu'))],
})
const election = item('2e06', 2, japan, { target: to('japan-election'), label: 'live' })
const courts = item('2e07', 3, tunnel)
const own = { description: null, language: 'en', followsStories: true, maxItems: 10, backfill: { section: 'world' } }
export const rail: EditorialRail = {
  key: 'home-top',
  title: 'Top stories',
  ...own,
  publishMode: 'live',
  publishedVersion: 3,
  hasChanges: false,
  scheduled: null,
  ...stands,
  items: [lead, iran, election, courts],
}
const politics: EditorialRail = {
  ...rail,
  key: 'home-politics',
  title: 'Politics',
  updatedAt: '2026-11-22T17:40:00.000Z',
  items: [
    item(
      '2e11',
      0,
      'Ohio Man Indicted for Alleged Threat Against Vice President JD Vance, Faces Additional Federal Charges',
      { target: to('ohio') },
    ),
    item('2e12', 1, nexstar),
    item('2e13', 2, 'TrumpRx Website Launches to Offer Discounted Prescription Drugs for Cash-Paying Americans', {
      target: to('trumprx'),
      sublinks: [
        sublink('2e14', 'TrumpRx.gov Highlights GLP-1 Drug Discounts but Offers Limited Savings for Most Americans'),
      ],
    }),
    item('2e15', 3, 'Trump Allows Commercial Fishing in Protected New England Waters', { target: to('fishing') }),
  ],
}
const world: EditorialRail = {
  ...rail,
  key: 'home-world',
  title: 'World',
  updatedAt: '2026-11-22T17:52:00.000Z',
  items: [
    item('2e21', 0, taiwan, { target: to('taiwan') }),
    item('2e22', 1, 'Trump Signs “America First Arms Transfer Strategy” to Prioritize U.S. Weapons Sales'),
    item('2e23', 2, 'U.S. to Begin Paying UN Dues as Financial Crisis Spurs Push for Reforms', {
      target: to('un-dues'),
    }),
    item('2e24', 3, 'U.S.-India Trade Framework Signals Major Shift in Tariffs, Energy, and Supply Chains', {
      target: to('india'),
      sublinks: [
        sublink('2e25', 'South Korea Assures U.S. on Trade Deal Commitments Amid Tariff Concerns', to('south-korea')),
      ],
    }),
  ],
}
/** Each headline of the document once. */
export const railList = { data: [politics, rail, world], page: onePage }
/** What a rail is made of: the same as above, as it is sent. */
export const railItems: NonNullable<z.input<typeof RailCreate>['items']> = [
  {
    target: toArticle,
    prominence: 'max',
    pin: 0,
    sublinks: lead.sublinks.map(({ headline, target }) => ({ headline, target })),
  },
  { headline: oman, kicker: 'Middle East', target: to('oman'), prominence: 'high' },
  { headline: japan, target: to('japan-election'), label: 'live' },
  { headline: tunnel },
]
export const railCreate: z.input<typeof RailCreate> = {
  key: rail.key,
  title: rail.title,
  language: 'en',
  maxItems: 10,
  backfill: { section: 'world' },
  items: railItems,
}
export const itemsReplace = { items: [lead, election, iran, courts].map(({ id }) => ({ id })) }
export const railReplace = { title: rail.title, ...itemsReplace }
export const stagedRail: EditorialRail = { ...rail, publishMode: 'staged', publishedVersion: 2, hasChanges: true }
export const railPublish: z.input<typeof RailPublish> = { liveFrom: '2026-11-23T06:00:00+01:00' }
const { position: _position, ...removedLink } = written(election)
export const removed: RemovedLinks = {
  version: 4,
  data: [{ link: removedLink, position: 2, removedAt: '2026-11-22T18:20:00.000Z', removedBy: desk }],
}
export const railPatch = { title: 'The top of the page' }
export const insert: z.input<typeof ItemInsert> = { item: { headline: taiwan }, after: lead.id }
export const railOperations: z.input<typeof ListOperations> = {
  operations: [
    { op: 'insert', item: { headline: taiwan, kicker: 'Live', endsAt: '2026-11-23T06:00:00Z' }, after: lead.id },
    { op: 'move', id: courts.id, before: election.id },
    { op: 'pin', id: iran.id, at: 1 },
    { op: 'update', id: election.id, changes: { label: 'analysis' } },
  ],
}
export const railVersion: ListVersion = { ...newest, title: rail.title, ...own, items: rail.items.map(written) }
export const diff: ListDiff = {
  fields: [{ field: 'title', before: 'The top of the page', after: rail.title }],
  items: [
    { kind: 'move', id: lead.id, from: 1, to: 0 },
    { kind: 'change', id: lead.id, fields: [{ field: 'pin', before: null, after: 0 }] },
    { kind: 'add', id: courts.id, item: written(courts) },
  ],
}

const place = { articleId: null, railKey: rail.key, title: rail.title, version: rail.version }
const waits: PlacedLink[] = [
  { ...courts, parentId: null, list: place },
  { ...item('2e03', lead.position, talks.headline), parentId: lead.id, list: place },
]
export const placedLinks = { data: waits, page: onePage }
const placement: Placement = { linkId: lead.id, position: lead.position, list: place }
export const placements = { data: [placement], page: onePage }
