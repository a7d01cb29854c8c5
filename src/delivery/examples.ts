import type * as z from 'zod'
import type { Article, Front, FrontList, HeadlineLink, Rail, Resolved } from './schema.ts'

// Examples for the OpenAPI document, out of the source document that a new installation begins with.

const links: HeadlineLink[] = [
  {
    id: '019b0f61-2c6e-7000-b2a1-6a2f5f2c1d01',
    position: 0,
    headline: 'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape',
    url: null,
    prominence: 'normal',
    pinned: false,
    target: null,
  },
  {
    id: '019b0f61-2c6e-7000-b2a1-6a2f5f2c1d02',
    position: 1,
    headline: 'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall',
    url: 'https://news.example/japan-election',
    prominence: 'high',
    pinned: true,
    target: { kind: 'url', url: 'https://news.example/japan-election' },
  },
]

const card: z.output<typeof Article> = {
  id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  slug: 'us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address',
  url: 'http://127.0.0.1:3000/v1/articles/us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address',
  language: 'en',
  headline: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
  byline: null,
  authors: [],
  section: null,
  tags: [],
  image: null,
  publishedAt: '2026-11-22T18:04:05.000Z',
  updatedAt: '2026-11-22T18:04:05.000Z',
  edition: 1,
  corrections: [],
  source: null,
  canonicalUrl: null,
  wordCount: 283,
  readingMinutes: 1,
}

export const article: z.output<typeof Article> = {
  ...card,
  bodyHtml:
    '<p>U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues …</p>',
  headlines: links,
}
export const articlePage = { data: [card], page: { limit: 20, next: null, previous: null } }
export const resolved: z.output<typeof Resolved> = {
  status: 'moved',
  location: card.url,
  id: card.id,
  slug: card.slug,
}
export const headlines = { data: links }
export const rail: z.output<typeof Rail> = {
  key: 'home-top',
  title: 'Top stories',
  updatedAt: '2026-11-22T18:10:00.000Z',
  items: links,
}
export const railList = { data: [rail], page: { limit: 20, next: null, previous: null } }

let made = 10
const waiting = (headline: string, position: number): HeadlineLink => ({
  id: `019b0f61-2c6e-7000-b2a1-6a2f5f2c1d${made++}`,
  position,
  headline,
  url: null,
  prominence: 'normal',
  pinned: false,
  target: null,
})
const lead: HeadlineLink = {
  ...waiting(card.headline, 0),
  url: card.url,
  prominence: 'max',
  pinned: true,
  target: { kind: 'article', id: card.id, slug: card.slug },
  publishedAt: card.publishedAt,
}
const railOf = (key: string, title: string, items: HeadlineLink[]) => ({ ...rail, key, title, items })
const headlinesOf = (...words: string[]) => words.map(waiting)

/** The homepage: the article and its sixteen headlines, by subject. */
export const front: z.output<typeof Front> = {
  key: 'home',
  title: 'Homepage',
  description: 'What matters now, at home and in the world',
  language: 'en',
  updatedAt: '2026-11-22T18:10:00.000Z',
  rails: [
    railOf('home-top', 'Top stories', [
      lead,
      ...[
        'Trump Says “Very Good Talks” Underway on Russia-Ukraine War as Peace Efforts Continue',
        'Iran–U.S. Nuclear Talks in Oman Face Major Hurdles Amid Rising Regional Tensions',
      ].map((headline, at) => waiting(headline, at + 1)),
    ]),
    railOf(
      'politics',
      'Politics',
      headlinesOf(
        'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape',
        'Ohio Man Indicted for Alleged Threat Against Vice President JD Vance, Faces Additional Federal Charges',
        'Federal Judge Restores Funding for Gateway Rail Tunnel Project',
        'Trump Signs “America First Arms Transfer Strategy” to Prioritize U.S. Weapons Sales',
        'Trump Allows Commercial Fishing in Protected New England Waters',
      ),
    ),
    railOf(
      'world',
      'World',
      headlinesOf(
        'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall',
        'China Warns US Arms Sales to Taiwan Could Disrupt Trump’s Planned Visit',
        'U.S. to Begin Paying UN Dues as Financial Crisis Spurs Push for Reforms',
        'Netanyahu to Meet Trump in Washington as Iran Nuclear Talks Intensify',
        'US Pushes Ukraine-Russia Peace Talks Before Summer Amid Escalating Attacks',
      ),
    ),
    railOf(
      'money',
      'Money',
      headlinesOf(
        'U.S.-India Trade Framework Signals Major Shift in Tariffs, Energy, and Supply Chains',
        'South Korea Assures U.S. on Trade Deal Commitments Amid Tariff Concerns',
      ),
    ),
    railOf(
      'health',
      'Health',
      headlinesOf(
        'TrumpRx Website Launches to Offer Discounted Prescription Drugs for Cash-Paying Americans',
        'TrumpRx.gov Highlights GLP-1 Drug Discounts but Offers Limited Savings for Most Americans',
      ),
    ),
  ],
}
export const frontList: z.output<typeof FrontList> = {
  data: [{ ...front, rails: front.rails.map(({ key }) => key) }],
  page: { limit: 20, next: null, previous: null },
}
