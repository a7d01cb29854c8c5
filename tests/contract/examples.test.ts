import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { makeDocuments } from '../../src/commands/openapi.ts'

type Json = Record<string, unknown>

const source = readFileSync(new URL('../../seeds/us-russia-istanbul-talks.txt', import.meta.url), 'utf8')
const headlines = (source.trim().split('\n\n\n')[1] ?? '').split('\n').map((line) => line.trim())

/** Every object in the examples of both documents, with the operation that it is of. */
const shown: { at: string; each: Json }[] = []
beforeAll(async () => {
  for (const text of Object.values(await makeDocuments())) {
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Json>> }
    for (const [path, item] of Object.entries(paths)) {
      for (const [verb, operation] of Object.entries(item)) gather(`${verb} ${path}`, operation)
    }
  }
})

function gather(at: string, node: unknown, isExample = false): void {
  if (typeof node !== 'object' || node === null) return
  if (isExample && !Array.isArray(node)) shown.push({ at, each: node as Json })
  for (const [name, value] of Object.entries(node)) gather(at, value, isExample || name === 'example')
}

/** Headlines of lists, also of what is sent: articles have more to say. */
const isLink = ({ at, each }: { at: string; each: Json }) =>
  /headline|rails|releases/.test(at) && 'headline' in each && !('currentVersion' in each) && !('slug' in each)
const story = () => shown.find(({ at }) => at === 'get /v1/articles/{idOrSlug}')?.each

it('the examples are of the document that a new installation begins with, and each id is of one thing', () => {
  expect(headlines).toHaveLength(16)
  const article = story()
  const links = shown.filter(isLink)
  expect(links.length).toBeGreaterThan(100)
  const known = [...headlines, article?.headline, null]
  expect(links.filter(({ each }) => !known.includes(each.headline as string))).toEqual([])
  const named = new Map<unknown, unknown>()
  for (const { at, each } of shown) {
    if (typeof each.headline !== 'string' || typeof each.id !== 'string') continue
    expect(named.get(each.id) ?? each.headline, `${at} ${each.id}`).toBe(each.headline)
    named.set(each.id, each.headline)
  }
  expect(named.get(article?.id)).toBe(article?.headline)
})

it.each(['get /v1/rails', 'get /v1/editorial/rails'])(
  '%s is a homepage with each of its headlines once',
  (operation) => {
    const links = shown.filter(({ at, each }) => at === operation && 'headline' in each)
    const said = links.flatMap(({ each }) => (headlines.includes(String(each.headline)) ? [each.headline] : []))
    expect(said.toSorted()).toEqual(headlines.toSorted())
    // And the article itself, on top.
    expect(links).toHaveLength(headlines.length + 1)
  },
)

it('readers get the same rails as the desk', () => {
  const rails = (operation: string) => {
    const pages = shown.filter(({ at, each }) => at === operation && 'data' in each)
    return pages
      .flatMap(({ each }) => each.data as Rail[])
      .map((rail) => ({
        ...{ key: rail.key, title: rail.title, updatedAt: rail.updatedAt },
        items: rail.items.map(({ id, position, prominence, sublinks = [] }) => ({
          ...{ id, position, prominence },
          sublinks: sublinks.map((each) => each.id),
        })),
      }))
  }
  expect(rails('get /v1/rails')).toHaveLength(3)
  expect(rails('get /v1/rails')).toEqual(rails('get /v1/editorial/rails'))
})
interface Rail {
  key: string
  title: string
  updatedAt: string
  items: Item[]
}
interface Item {
  id: string
  position: number
  prominence: string
  sublinks?: { id: string }[]
}
