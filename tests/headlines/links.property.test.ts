import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { EditorialHeadlines } from '../../src/headlines/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, linkAt, linksOf, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

let app: TestApp
let desk: Desk
let targets: { id: string; headline: string; slug: string }[]
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  targets = await Promise.all(Array.from({ length: 12 }, () => published(desk, { kicker: null })))
})

/** A link as the model has it; the rest of its fields is empty. */
interface Link {
  id: string
  headline: string | null
  kicker: string | null
  note: string | null
  target: { kind: string; url?: string; id?: string } | null
}

let made = 0
const aims = ['pending', 'url', 'article'] as const
/** The fields of a link to a story that no other link of this run has. */
function fieldsOf(aim: (typeof aims)[number], model: Link[]) {
  // Each story once: a list refuses to have it twice.
  const target = targets.find(({ id }) => model.every((link) => link.target?.id !== id))
  const headline = aim === 'article' ? null : `Story ${++made}`
  const at = {
    pending: null,
    url: { kind: 'url', url: `https://news.example/${made}` },
    article: { kind: 'article', id: target?.id ?? '' },
  }
  return { headline, target: at[aim], kicker: made % 2 === 0 ? 'K' : null, note: `Canary ${made}` }
}

// Numbers are taken modulo the length of the list that stands then.
const aim = fc.constantFrom(...aims)
const place = fc.nat({ max: 1_000 })
const operation = fc.oneof(
  fc.record({ do: fc.constant('append' as const), aim }),
  fc.record({ do: fc.constant('delete' as const), place }),
  fc.record({
    do: fc.constant('patch' as const),
    place,
    kicker: fc.option(fc.constantFrom('X', 'Y')),
    aim: fc.option(aim),
  }),
  fc.record({
    do: fc.constant('replace' as const),
    // How each link that is kept is named: by its id alone, by id and fields, or by being the same story.
    kept: fc.array(fc.record({ place, by: fc.constantFrom('id', 'id and fields', 'story') }), { maxLength: 6 }),
    fresh: fc.array(fc.record({ aim: fc.constantFrom('pending' as const, 'url' as const), place }), { maxLength: 3 }),
  }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

const named = (link: Link, by: string): object => {
  if (by === 'id') return { id: link.id }
  const { id, ...fields } = link
  return by === 'story' ? fields : { id, ...fields }
}

/** Does one operation through the API and on the model alike; answers the model after it. */
async function perform(
  each: Operation,
  articleId: string,
  version: number,
  model: Link[],
): Promise<Link[] | undefined> {
  const at = 'place' in each ? each.place % Math.max(1, model.length) : 0
  const chosen = model[at]
  switch (each.do) {
    case 'append': {
      const fields = fieldsOf(each.aim, model)
      const { body } = await desk.change(linksOf(articleId), version, fields).expect(201)
      return [...model, { id: body.id, ...fields }]
    }
    case 'delete':
      if (!chosen) return undefined
      await desk.delete(linkAt(chosen.id), version).expect(204)
      return model.toSpliced(at, 1)
    case 'patch': {
      if (!chosen) return undefined
      const change = { kicker: each.kicker, ...(each.aim && fieldsOf(each.aim, model)) }
      // A merge patch goes into the target, so what the former one had besides has to be emptied.
      const former = Object.fromEntries(Object.keys(chosen.target ?? {}).map((name) => [name, null]))
      const patch = {
        ...change,
        ...('target' in change && change.target && { target: { ...former, ...change.target } }),
      }
      await desk.patch(linkAt(chosen.id), patch, version).expect(200)
      return model.with(at, { ...chosen, ...change })
    }
    case 'replace': {
      const wanted = each.kept.flatMap((kept) => {
        const link = model[kept.place % Math.max(1, model.length)]
        return link ? [{ link, by: kept.by }] : []
      })
      const distinct = wanted.filter(({ link }, n) => wanted.findIndex((other) => other.link.id === link.id) === n)
      const items: { link: Link; sent: object }[] = distinct.map(({ link, by }) => ({ link, sent: named(link, by) }))
      for (const { aim, place } of each.fresh) {
        const fields = fieldsOf(aim, model)
        items.splice(place % (items.length + 1), 0, { link: { id: '', ...fields }, sent: fields })
      }
      const { body } = await desk.put(linksOf(articleId), { items: items.map(({ sent }) => sent) }, version).expect(200)
      const list = body as EditorialHeadlines
      expect(list.items).toHaveLength(items.length)
      return items.map(({ link }, n) => (link.id === '' ? { ...link, id: list.items[n]?.id ?? '' } : link))
    }
  }
}

const seen = (link: Link, position: number) => ({
  id: link.id,
  position,
  headline: link.headline ?? targets.find(({ id }) => id === link.target?.id)?.headline,
  prominence: 'normal',
  ...(link.kicker !== null && { kicker: link.kicker }),
  ...(link.target?.kind === 'article'
    ? { target: { ...link.target, slug: targets.find(({ id }) => id === link.target?.id)?.slug } }
    : { target: link.target, url: link.target?.url ?? null }),
})

it('after any sequence of writes the list is what a plain array would be, for the desk and for readers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
      const { id: articleId } = await published(desk)
      let model: Link[] = []
      let version = 0
      for (const each of operations) {
        const next = await perform(each, articleId, version, model)
        if (next === undefined) continue
        version++
        model = next
        const { body: list } = await desk.get(linksOf(articleId)).expect(200)
        expect(list.version).toBe(version)
        expect(list.items).toMatchObject(model.map((link, position) => ({ ...link, position })))
        const { body, text } = await app.nobody.get(`/v1/articles/${articleId}/headlines`).expect(200)
        expect(body.data).toMatchObject(model.map(seen))
        expect(body.data.map(({ position }: { position: number }) => position)).toEqual([...model.keys()])
        expect(text).not.toContain('Canary')
      }
      expect(new Set(model.map(({ id }) => id)).size).toBe(model.length)
    }),
    { numRuns: 15 * rounds },
  )
})
