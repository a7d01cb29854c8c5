import type * as z from 'zod'
import { fromText } from '../body/from-text.ts'
import { toHtml } from '../body/to-html.ts'
import { toMarkdown } from '../body/to-markdown.ts'
import { toText } from '../body/to-text.ts'
import { countWords } from '../body/words.ts'
import { onFirstUse } from '../shared/first-use.ts'
import { questionOf } from '../shared/question.ts'
import type { Article, Front, FrontList, HeadlineLink, Rail, Resolved } from './schema.ts'
import type { SearchPage } from './search-schema.ts'
import { markedText, snippetOf } from './snippets.ts'
import type { TermAuthor, TermSection, TermTag } from './term-schema.ts'

// Examples for the OpenAPI document: the source document that a new installation begins with, and a homepage of its
// headlines. The desk has the same links in headlines/examples.ts. What is made of the text is made when somebody reads a document.

const slug = 'us-and-russian-officials-met-for-six-hours-in-istanbul-on-thursday-to-address'
const url = `http://127.0.0.1:3000/v1/articles/${slug}`

/** The text of the source document. */
const body = onFirstUse(() =>
  fromText(
    [
      'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues, marking an early test of efforts to mend strained relations. The discussions, held at the U.S. consul general’s residence, focused on embassy operations, staffing, visas, and banking access. Both sides described the talks as constructive, with a follow-up meeting planned.',
      'The meeting comes amid a shift in U.S. foreign policy under Donald Trump, who has pledged to end the war in Ukraine quickly. Trump’s outreach to Moscow, including a February 12 call with Vladimir Putin and a high-level meeting in Saudi Arabia, has raised concerns among U.S. allies and Kyiv about a potential settlement that could undermine their security.',
      'Putin acknowledged the early diplomatic efforts, saying initial contacts with the new U.S. administration offered “certain hopes.” Russian Foreign Ministry spokeswoman Maria Zakharova noted that the Istanbul talks were the first in a series aimed at reducing tensions.',
      'Relations between the two nations have been tense for over a decade, with diplomatic expulsions and staffing restrictions limiting embassy functions. Russian Foreign Minister Sergei Lavrov admitted Moscow had made conditions difficult for U.S. diplomats in response to similar measures from Washington.',
      'Despite the narrow agenda, the meeting could pave the way for broader cooperation in areas such as nuclear arms control and economic partnerships. Putin signaled interest in U.S. involvement in Russia’s rare earth mining projects and Arctic resource development.',
      'The U.S. delegation was led by Deputy Assistant Secretary of State Sonata Coulter, while Russia’s team was headed by Alexander Darchiyev, a potential candidate for ambassador to Washington. With both sides expressing interest in further engagement, the coming months will reveal whether real diplomatic progress can be achieved.',
    ].join('\n\n'),
  ),
)

const about = {
  id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  slug,
  url,
  language: 'en',
  headline: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
  standfirst:
    'The discussions, held at the U.S. consul general’s residence, focused on embassy operations, staffing, visas, and banking access.',
  byline: 'Jane Doe',
  authors: [{ slug: 'jane-doe', name: 'Jane Doe' }],
  section: { slug: 'world', name: 'World' },
  tags: [{ slug: 'diplomacy', name: 'Diplomacy' }],
  image: null,
  publishedAt: '2026-11-22T18:04:05.000Z',
  updatedAt: '2026-11-22T18:04:05.000Z',
  edition: 1,
  corrections: [],
  source: null,
  canonicalUrl: null,
}
const card = onFirstUse((): z.output<typeof Article> => {
  const wordCount = countWords(body(), 'en')
  return { ...about, wordCount, readingMinutes: Math.round(wordCount / 230) }
})

/** Where a headline leads, and what it says of that. */
const to = (page: string) => {
  const url = `https://news.example/${page}`
  return { url, target: { kind: 'url' as const, url } }
}
const toArticle = { url, target: { kind: 'article' as const, id: about.id, slug }, publishedAt: about.publishedAt }
const pending = { url: null, target: null }

type Sublink = NonNullable<HeadlineLink['sublinks']>[number]

/** A link by the end of its id. */
const link = (
  end: string,
  position: number,
  headline: string,
  more: Pick<HeadlineLink, 'url' | 'target'> & Partial<HeadlineLink>,
): HeadlineLink => ({
  id: `019b0f61-2c6e-7000-b2a1-6a2f5f2c${end}`,
  position,
  headline,
  prominence: 'normal',
  pinned: false,
  ...more,
})
const sublink = (end: string, headline: string, leads: Pick<Sublink, 'url' | 'target'>): Sublink => ({
  id: `019b0f61-2c6e-7000-b2a1-6a2f5f2c${end}`,
  headline,
  ...leads,
})

/** The article's own links. */
const links = [
  link('1d01', 0, 'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape', pending),
  link('1d02', 1, 'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall', {
    ...to('japan-election'),
    prominence: 'high',
    pinned: true,
  }),
  link('1d03', 2, 'China Warns US Arms Sales to Taiwan Could Disrupt Trump’s Planned Visit', pending),
]

export const article = onFirstUse(
  (): z.output<typeof Article> => ({ ...card(), bodyHtml: toHtml(body()), headlines: links }),
)
/** The same with each form of the text that a format may be made of. */
export const wholeArticle = onFirstUse(() => ({
  ...article(),
  bodyMarkdown: toMarkdown(body()),
  bodyText: toText(body()),
}))
export const articlePage = () => ({ data: [card()], page: { limit: 20, next: null, previous: null } })

const question = questionOf('istanbul talks')
/** What a search for "istanbul talks" finds. */
export const searchPage = (): z.output<typeof SearchPage> => ({
  data: [
    {
      ...card(),
      highlights: {
        headline: markedText(about.headline, question) ?? '',
        body: snippetOf(toText(body()), question, { words: 1_000 }) ?? '',
      },
    },
  ],
  page: { limit: 20, next: null, previous: null },
  found: { articles: 1, isExact: true },
  facets: {
    section: [{ slug: 'world', name: 'World', articles: 1 }],
    tag: [{ slug: 'diplomacy', name: 'Diplomacy', articles: 1 }],
    author: [{ slug: 'jane-doe', name: 'Jane Doe', articles: 1 }],
    year: [{ year: 2026, articles: 1 }],
  },
  didYouMean: null,
})
export const section: z.output<typeof TermSection> = {
  slug: 'world',
  name: 'World',
  description: 'What happens abroad',
  parent: { slug: 'news', name: 'News' },
  articles: 1,
}
export const tag: z.output<typeof TermTag> = {
  slug: 'diplomacy',
  name: 'Diplomacy',
  uri: 'http://cv.iptc.org/newscodes/mediatopic/20000587',
  articles: 1,
}
export const author: z.output<typeof TermAuthor> = {
  slug: 'jane-doe',
  name: 'Jane Doe',
  description: 'Jane Doe writes about diplomacy, and lived in Istanbul.',
  jobTitle: 'Diplomatic correspondent',
  url: 'https://news.example/authors/jane-doe',
  articles: 1,
}
export const resolved: z.output<typeof Resolved> = { status: 'moved', location: url, id: about.id, slug }
export const related = () => ({
  data: [
    {
      ...card(),
      id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b77',
      slug: 'talks-go-on',
      headline: 'Talks in Istanbul to Go On',
    },
  ],
})
export const headlines = { data: links }

export const rail: z.output<typeof Rail> = {
  key: 'home-top',
  title: 'Top stories',
  language: 'en',
  updatedAt: '2026-11-22T18:10:00.000Z',
  items: [
    link('2e01', 0, about.headline, {
      ...toArticle,
      summary: about.standfirst,
      byline: 'Jane Doe',
      prominence: 'max',
      pinned: true,
      sublinks: [
        sublink(
          '2e02',
          'US Pushes Ukraine-Russia Peace Talks Before Summer Amid Escalating Attacks',
          to('peace-talks'),
        ),
        sublink(
          '2e03',
          'Trump Says “Very Good Talks” Underway on Russia-Ukraine War as Peace Efforts Continue',
          pending,
        ),
      ],
    }),
    link('2e04', 1, 'Iran–U.S. Nuclear Talks in Oman Face Major Hurdles Amid Rising Regional Tensions', {
      kicker: 'Middle East',
      ...to('oman'),
      prominence: 'high',
      sublinks: [
        sublink('2e05', 'Netanyahu to Meet Trump in Washington as Iran Nuclear Talks Intensify', to('netanyahu')),
      ],
    }),
    link('2e06', 2, 'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall', {
      ...to('japan-election'),
      label: 'live',
    }),
    link('2e07', 3, 'Federal Judge Restores Funding for Gateway Rail Tunnel Project', pending),
  ],
}
const politics: z.output<typeof Rail> = {
  key: 'home-politics',
  title: 'Politics',
  language: 'en',
  updatedAt: '2026-11-22T17:40:00.000Z',
  items: [
    link(
      '2e11',
      0,
      'Ohio Man Indicted for Alleged Threat Against Vice President JD Vance, Faces Additional Federal Charges',
      to('ohio'),
    ),
    link('2e12', 1, 'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape', pending),
    link('2e13', 2, 'TrumpRx Website Launches to Offer Discounted Prescription Drugs for Cash-Paying Americans', {
      ...to('trumprx'),
      sublinks: [
        sublink(
          '2e14',
          'TrumpRx.gov Highlights GLP-1 Drug Discounts but Offers Limited Savings for Most Americans',
          pending,
        ),
      ],
    }),
    link('2e15', 3, 'Trump Allows Commercial Fishing in Protected New England Waters', to('fishing')),
  ],
}
const world: z.output<typeof Rail> = {
  key: 'home-world',
  title: 'World',
  language: 'en',
  updatedAt: '2026-11-22T17:52:00.000Z',
  items: [
    link('2e21', 0, 'China Warns US Arms Sales to Taiwan Could Disrupt Trump’s Planned Visit', to('taiwan')),
    link('2e22', 1, 'Trump Signs “America First Arms Transfer Strategy” to Prioritize U.S. Weapons Sales', pending),
    link('2e23', 2, 'U.S. to Begin Paying UN Dues as Financial Crisis Spurs Push for Reforms', to('un-dues')),
    link('2e24', 3, 'U.S.-India Trade Framework Signals Major Shift in Tariffs, Energy, and Supply Chains', {
      ...to('india'),
      sublinks: [
        sublink('2e25', 'South Korea Assures U.S. on Trade Deal Commitments Amid Tariff Concerns', to('south-korea')),
      ],
    }),
  ],
}
/** The homepage: each headline of the document once. */
export const railList = { data: [politics, rail, world], page: { limit: 20, next: null, previous: null } }

/** The homepage in one answer. */
export const front: z.output<typeof Front> = {
  key: 'home',
  title: 'Homepage',
  description: 'What matters now, at home and in the world',
  language: 'en',
  updatedAt: '2026-11-22T18:10:00.000Z',
  rails: [rail, politics, world],
}
export const frontList: z.output<typeof FrontList> = {
  data: [{ ...front, rails: front.rails.map(({ key }) => key) }],
  page: { limit: 20, next: null, previous: null },
}
