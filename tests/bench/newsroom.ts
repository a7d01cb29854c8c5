import type { Caller } from '../../src/access/schema.ts'
import { fromText } from '../../src/body/from-text.ts'
import type { Database } from '../../src/db/database.ts'
import type { buildServices } from '../../src/services.ts'

// A newsroom of any size, the same each time: what it writes is made of a seed.

const SECTIONS = 'World, Politics, Business, Culture, Sport, Science, Health, Local, Travel, Opinion'.split(', ')
const NAMES = 'Jane Doe, Ade Okafor, Mina Sato, Luis Ortega, Ines Moreau, Tom Brandt, Nadia Rahman, Eva Lind'.split(
  ', ',
)
const WHO =
  'The council, A federal judge, The central bank, Rescue crews, Two ministers, The port authority, Researchers, A coalition of cities, The league, Farmers'.split(
    ', ',
  )
const DOES =
  'restores, delays, approves, rejects, warns of, opens talks on, publishes, doubles, audits, suspends'.split(', ')
const WHAT =
  'funding for the rail tunnel, a plan for ferry fares, the harbour budget, new rules for fishing, its water treaty, the airport night flights, a vaccine study, tariffs on steel, the school calendar, flood defences'.split(
    ', ',
  )
const WHERE =
  'in the north, after a long night, ahead of the vote, for a second year, amid protests, on the coast, despite record snowfall, in three districts, as costs rise, before the summer'.split(
    ', ',
  )

const SAYS = 'said, warned, confirmed, denied, told reporters, wrote in a letter, testified, insisted'.split(', ')
const ROLES =
  'mayor, ferry captain, economist, union leader, nurse, climate scientist, prosecutor, head teacher, shipping agent, minister'.split(
    ', ',
  )
const STARTS = 'Al Bar Cor Dun El Far Gil Har Il Kes Lor Mar Nor Os Pel Quin Ros Stan Tor Ul Ven Wes Yar Zel'.split(' ')
const MIDDLES = 'a e i o u an el in or ath er'.split(' ')
const ENDS = 'bridge by dale field ford ham hurst land ley mouth port stead ton vale wick wood bury combe'.split(' ')
const FIRSTS = 'Ada Ben Cleo Dev Esra Femi Gus Hana Ivo June Kofi Lena Milo Nora Omar Pia Rosa Sven Tariq Uma'.split(
  ' ',
)
const SURNAMES = 'man son ski ova ez berg well er ing stein wood ham'.split(' ')

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T
const sentence = (random: () => number) =>
  `${pick(WHO, random)} ${pick(DOES, random)} ${pick(WHAT, random)} ${pick(WHERE, random)}`
/** A town or a name, of which there are some thousand: few are in the news often, most of them rarely. */
const rarely = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() ** 2 * list.length)] as T
const town = (random: () => number) => rarely(STARTS, random) + rarely(MIDDLES, random) + rarely(ENDS, random)
const person = (random: () => number) =>
  `${rarely(FIRSTS, random)} ${rarely(STARTS, random)}${rarely(MIDDLES, random)}${rarely(SURNAMES, random)}`
const quote = (random: () => number) =>
  `${person(random)}, a ${pick(ROLES, random)} from ${town(random)}, ${pick(SAYS, random)} that ${sentence(random).toLowerCase()}`
const capitals = (text: string) => text.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())

/** The fields of the nth story. */
export function storyOf(n: number) {
  const random = randomFrom(n)
  const paragraphs = Array.from({ length: 4 + Math.floor(random() * 6) }, () =>
    Array.from({ length: 3 + Math.floor(random() * 3) }, () => `${(random() < 0.5 ? sentence : quote)(random)}.`).join(
      ' ',
    ),
  )
  const section = pick(SECTIONS, random)
  const tags = [...new Set(Array.from({ length: 3 }, () => capitals(pick(WHAT, random))))]
  return {
    headline: `${town(random)}: ${capitals(sentence(random))} (${n})`,
    standfirst: `${sentence(random)}; ${sentence(random).toLowerCase()}.`,
    bodyText: paragraphs.join('\n\n'),
    section: { name: section },
    tags: tags.map((name) => ({ name })),
    authors: [{ name: pick(NAMES, random) }],
    image: { url: `https://images.example/${n}.jpg`, alt: capitals(pick(WHAT, random)), width: 1600, height: 900 },
  }
}

/** Writes and publishes that many stories, and answers their ids in order. */
export async function fill(
  { articles, publishing }: ReturnType<typeof buildServices>,
  db: Database,
  caller: Caller,
  count: number,
): Promise<string[]> {
  const ids: string[] = []
  const AT_ONCE = 200
  for (let from = 0; from < count; from += AT_ONCE) {
    await db.write(async (tx) => {
      for (let n = from; n < Math.min(from + AT_ONCE, count); n++) {
        const { bodyText, ...fields } = storyOf(n)
        const { article } = await articles.createIn(tx, caller, fields, { body: fromText(bodyText) })
        await publishing.publishIn(tx, caller, article.id, [1])
        ids.push(article.id)
      }
    })
  }
  return ids
}

/** A post of some 4 kB as Hugo has it: the same for the same number. */
export function markdownPost(n: number): string {
  const random = randomFrom(n + 1)
  const paragraph = () => Array.from({ length: 4 }, () => quote(random)).join('. ')
  const text: string[] = []
  for (let length = 0; length < 3_500; ) {
    const kind = random()
    const next =
      kind < 0.1
        ? `## ${sentence(random)}`
        : kind < 0.2
          ? Array.from({ length: 4 }, () => `- ${sentence(random)}, *${town(random)}*`).join('\n')
          : kind < 0.3
            ? `> ${quote(random)}`
            : `${paragraph()}, as [${person(random)}](https://news.example/${Math.floor(random() * 1e6)}) **${pick(SAYS, random)}**.`
    text.push(next)
    length += next.length
  }
  const at = new Date(Date.parse('2010-01-01T00:00:00Z') + n * 3_600_000).toISOString()
  const head = [
    `title: "${sentence(random)}"`,
    `slug: post-${n}`,
    `date: ${at}`,
    `authors: [${person(random)}]`,
    `tags: [${pick(WHAT, random)}, ${town(random)}]`,
    `categories: [${pick(SECTIONS, random)}]`,
  ]
  return `---\n${head.join('\n')}\n---\n\n${text.join('\n\n')}\n`
}
