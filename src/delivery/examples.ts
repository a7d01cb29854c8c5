import type * as z from 'zod'
import type { Article, HeadlineLink, Rail, Resolved } from './schema.ts'

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
