import { eq } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import {
  articleAt,
  type Desk,
  draft,
  FRONTS,
  frontAt,
  links,
  linksOf,
  published,
  RAILS,
  railAt,
} from '../support/builders.ts'
import { type Damage, findings } from '../support/examine.ts'

// What the doctor advises is done by people who have nothing else at that moment: it has to help.

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
})

const damaged = async (kind: string, damage: Damage) => {
  await app.db.write(async (tx) => void (await damage(tx, app.db.tables)))
  expect(Object.keys(await findings(app))).toContain(kind)
}
const tick = async () => {
  while (await app.services.ticker.tick());
}

it('links that are taken out and put in again are found', async () => {
  const { id } = await draft(desk)
  await links(desk, id, [{ headline: 'Waits' }], 0)
  await damaged('list-links', (tx, t) => tx.delete(t.headlineLinks).where(eq(t.headlineLinks.listId, id)))
  await links(desk, id, [], 1)
  await links(desk, id, [{ headline: 'Waits' }], 2)
  expect((await desk.get(linksOf(id))).body.items).toHaveLength(1)
  expect(await findings(app)).toEqual({})
})

it('a rail that is written again is what readers have, and so is a front', async () => {
  const items = [{ headline: 'Read me' }]
  await desk.post(RAILS, { key: 'top', title: 'Top', items }).expect(201)
  await desk.post(FRONTS, { key: 'home', title: 'Home', rails: [{ key: 'top', priority: 1 }] }).expect(201)
  await damaged('list-edition', (tx, t) =>
    tx.update(t.listEditions).set({ items: '[]' }).where(eq(t.listEditions.key, 'top')),
  )
  await desk.put(`${railAt('top')}/items`, { items }, '*').expect(200)
  expect(await findings(app)).toEqual({})
  await damaged('front-edition', (tx, t) => tx.delete(t.frontEditions))
  await desk.patch(frontAt('home'), { title: 'Home' }, '*').expect(200)
  expect(await findings(app)).toEqual({})
})

it('words that are published again are in the vocabulary', async () => {
  await published(desk)
  await tick()
  await damaged('vocabulary', (tx, t) => tx.delete(t.vocabulary))
  for (const each of (await desk.get('/v1/editorial/articles?state=live')).body.data as { id: string }[])
    await desk.change(`${articleAt(each.id)}/publish`, '*').expect(200)
  app.clock.pass(120_000)
  await tick()
  expect(await findings(app)).toEqual({})
})

it('an article that is published again is searched', async () => {
  const { id } = await published(desk)
  await damaged('search-row', (tx, t) => tx.delete(t.editionWords).where(eq(t.editionWords.articleId, id)))
  await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
  app.clock.pass(120_000)
  await tick()
  expect(await findings(app)).toEqual({})
})
