import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { ARTICLES, articleAt, linksOf, story } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { startTwins, type Twin, type Twins } from '../support/twins.ts'

// A contributor works the same whether others have drafts or not: two installations, one of them with other people's work.

const FAR = '2030-01-01T00:00:00.000Z'
let twins: Twins
let shared: string
beforeAll(async () => {
  twins = await startTwins()
  shared = twins.newId()
  await twins.onBoth('a draft of the desk', ({ desk }) =>
    desk.put(articleAt(shared), story({ slug: `a-${shared}` })).set('if-none-match', '*'),
  )
  await twins.onBoth('its publication', ({ desk }) => desk.change(`${articleAt(shared)}/publish`, 1))
})

const states = ['draft', 'scheduled', 'live', 'withdrawn', 'killed', 'trashed', 'erased', 'linked', 'locked'] as const
const step = fc.record({
  hide: fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 3 }),
  write: fc.constantFrom('create', 'patch', 'links', 'trash'),
  n: fc.nat(20),
})

/** Somebody else's piece that stands there; pieces that are public or were are known to all, but not at this door. */
async function hide(state: (typeof states)[number]): Promise<string> {
  const id = twins.newId()
  const on = (act: string, body?: object) =>
    twins.onOther(({ desk }) => desk.change(`${articleAt(id)}/${act}`, '*', body).expect(act === 'erase' ? 204 : 200))
  await twins.onOther(({ desk }) =>
    desk
      .put(articleAt(id), story({ slug: `a-${id}` }))
      .set('if-none-match', '*')
      .expect(201),
  )
  if (state === 'scheduled') await on('publish', { liveFrom: FAR })
  if (['live', 'withdrawn', 'killed'].includes(state)) await on('publish')
  if (state === 'withdrawn') await on('withdraw')
  if (state === 'killed') await on('kill', { reason: 'legal' })
  if (['trashed', 'erased'].includes(state))
    await twins.onOther(({ desk }) => desk.delete(articleAt(id), '*').expect(200))
  if (state === 'erased') await on('erase', { confirm: id })
  const items = [{ headline: 'Secret', target: { kind: 'article', id: shared } }]
  if (state === 'linked') await twins.onOther(({ desk }) => desk.put(linksOf(id), { items }, 0).expect(200))
  const lock = { articleId: id, holderId: shared, holderName: 'X', since: twins.now(), until: FAR }
  if (state === 'locked')
    await twins.onOther(({ app }) => app.db.write((tx) => tx.insert(app.db.tables.articleLocks).values(lock)))
  return id
}

it(
  'what others have written makes no difference to any answer to a contributor',
  async () => {
    const mine: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        const hidden: { id: string; wasPublic: boolean }[] = []
        for (const { hide: others, write, n } of steps) {
          for (const state of others) {
            hidden.push({ id: await hide(state), wasPublic: ['live', 'withdrawn', 'killed'].includes(state) })
          }
          const id = mine.at(-1 - (n % Math.max(1, mine.length)))
          if (write === 'create' || id === undefined) {
            const made = twins.newId()
            mine.push(made)
            const fields = story({ slug: `a-${made}` })
            await twins.onBoth('a draft', ({ contributor }) =>
              contributor.put(articleAt(made), fields).set('if-none-match', '*'),
            )
          } else if (write === 'links') {
            const items = [{ headline: 'Pending' }, { target: { kind: 'article', id: shared } }]
            await twins.onBoth('links', ({ contributor }) => contributor.put(linksOf(id), { items }, '*'))
          } else if (write === 'patch') {
            await twins.onBoth('a text', ({ contributor }) => contributor.patch(articleAt(id), { kicker: `${n}` }, '*'))
          } else {
            mine.splice(mine.indexOf(id), 1)
            await twins.onBoth('the trash', ({ contributor }) => contributor.delete(articleAt(id), '*'))
          }
        }
        let path: string | undefined = `${ARTICLES}?limit=2`
        for (let pages = 0; path !== undefined && pages < 5; pages++) {
          const page: string = path
          const { body } = await twins.ask(page, ({ contributor }) => contributor.get(page))
          path = body.page.next === null ? undefined : `${ARTICLES}?limit=2&cursor=${body.page.next}`
        }
        for (const query of ['state=trashed', 'state=draft&limit=1', 'state=scheduled', 'state=live', 'limit=100'])
          await twins.ask(query, ({ contributor }) => contributor.get(`${ARTICLES}?${query}`))
        const own = mine.at(-1) ?? ''
        for (const { id, wasPublic } of hidden) {
          await twins.ask('reading', ({ contributor }) => contributor.get(articleAt(id)))
          await twins.ask('links', ({ contributor }) => contributor.get(linksOf(id)))
          await twins.ask('writing', ({ contributor }) => contributor.put(articleAt(id), story(), 1))
          await twins.ask('patching', ({ contributor }) => contributor.patch(articleAt(id), { kicker: 'Mine' }, '*'))
          await twins.ask('trashing', ({ contributor }) => contributor.delete(articleAt(id), '*'))
          await twins.ask('restoring', ({ contributor }) => contributor.change(`${articleAt(id)}/restore`, '*'))
          const items = [{ target: { kind: 'article', id } }]
          const link = ({ contributor }: Twin) => contributor.put(`${linksOf(own)}?dryRun=true`, { items }, '*')
          if (wasPublic || own === '') continue
          const { status, body } = await twins.ask('linking', link)
          expect(status === 422 ? body.errors[0].code : status).toBe('unknown-article')
        }
      }),
      { numRuns: rounds, endOnFailure: true },
    )
  },
  60_000 * rounds,
)

it('an id that is taken cannot be taken again: that is all that is said, and the same of a draft and of what was erased', async () => {
  const ids = [await hide('draft'), await hide('erased'), await hide('locked'), shared]
  for (const isDry of [true, false]) {
    const texts = await Promise.all(
      ids.map(async (id) => {
        const sent = twins.other.contributor.put(`${articleAt(id)}?dryRun=${isDry}`, story({ slug: `b-${id}` }))
        const { body, text } = await sent.set({ 'if-none-match': '*', 'x-request-id': 'same' }).expect(409)
        expect(body.code).toBe('already-exists')
        return text
      }),
    )
    expect(new Set(texts).size).toBe(1)
  }
})
