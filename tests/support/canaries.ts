import { expect } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import type { TestApp } from './app.ts'
import { ARTICLES, articleAt, type Desk, draft, links, linksOf, published } from './builders.ts'

/** Stands in everything that readers must not see. Nothing else in a test has it. */
export const CANARY = 'zyxcanary'
/** A pending headline that readers see. */
export const WAITS = 'Pending'
export const secret = `${CANARY} text`
export const NOWHERE = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
export const FAR = '2030-01-01T00:00:00.000Z'

/** By what readers could ask for it. */
export interface Hidden {
  ids: string[]
  slugs: string[]
  keys: string[]
}

const everywhere = {
  headline: secret,
  bodyText: secret,
  kicker: CANARY,
  standfirst: secret,
  notes: secret,
  changeNote: secret,
  section: { slug: CANARY, name: CANARY },
  tags: [
    { slug: CANARY, name: CANARY },
    { slug: 'talks', name: 'Talks' },
  ],
  authors: [
    { slug: CANARY, name: CANARY },
    { slug: 'jane-doe', name: 'Jane Doe' },
  ],
  image: { url: `https://images.example/${CANARY}.jpg`, alt: CANARY },
  source: { name: CANARY },
  canonicalUrl: `https://${CANARY}.example/`,
}

const to = (desk: Desk, id: string, act: string, body?: object) =>
  desk.change(`${articleAt(id)}/${act}`, '*', body).expect(act === 'erase' ? 204 : 200)

/** What was public once and is not any more, be it for good. Answers what is gone for good, which readers may know. */
export async function plantThePast(desk: Desk, hidden: Hidden): Promise<Hidden> {
  const gone: Hidden = { ids: [], slugs: [], keys: [] }
  const once = async (word: string, { ids, slugs }: Hidden, fields: object = {}) => {
    const { id, slug } = await published(desk, { ...everywhere, slug: `${CANARY}-${word}`, ...fields })
    ids.push(id)
    slugs.push(slug)
    return id
  }
  const withdrawn = await once('withdrawn', hidden)
  await desk.patch(articleAt(withdrawn), { slug: `${CANARY}-moved` }, '*').expect(200)
  await to(desk, withdrawn, 'publish', { kind: 'correction', text: secret, note: secret })
  await to(desk, withdrawn, 'withdraw', { note: secret })
  hidden.slugs.push(`${CANARY}-moved`)
  const binned = await once('binned', hidden)
  await desk.delete(articleAt(binned), '*').expect(200)
  const restored = await once('restored', hidden)
  await desk.delete(articleAt(restored), '*').expect(200)
  await to(desk, restored, 'restore', { note: secret })
  // Withdrawn, and to come back under embargo.
  const returning = await once('returning', hidden)
  await to(desk, returning, 'withdraw')
  await to(desk, returning, 'publish', { liveFrom: FAR, embargo: true, note: secret })
  await to(desk, await once('killed', gone), 'kill', { reason: 'legal', note: secret })
  const erased = await once('erased', gone)
  await desk.delete(articleAt(erased), '*').expect(200)
  await to(desk, erased, 'erase', { confirm: erased })
  await desk
    .post('/v1/editorial/rails', { key: `${CANARY}-rail`, title: CANARY, items: [{ headline: secret }] })
    .expect(201)
  const front = { key: `${CANARY}-front`, title: CANARY, rails: [{ key: `${CANARY}-rail` }] }
  await desk.post('/v1/editorial/fronts', front).expect(201)
  await desk.delete(`/v1/editorial/rails/${CANARY}-rail`, '*').expect(204)
  // Its draft comes later.
  await desk.post('/v1/editorial/rails', { key: 'staged', title: 'Staged', publishMode: 'staged' }).expect(201)
  await desk.change('/v1/editorial/rails/staged/publish', 1).expect(200)
  await desk.delete(`/v1/editorial/fronts/${CANARY}-front`, '*').expect(204)
  hidden.keys.push(`${CANARY}-rail`, `${CANARY}-front`)
  return gone
}

/** What readers never saw, each in a piece of its own. */
async function plantPieces(desk: Desk, { ids, slugs }: Hidden): Promise<void> {
  const hide = async (word: string, fields: object = {}): Promise<string> => {
    const { id, slug } = await draft(desk, { ...everywhere, slug: `${CANARY}-${word}`, ...fields })
    ids.push(id)
    slugs.push(slug)
    return id
  }
  await hide('draft', { externalId: CANARY })
  await desk.delete(articleAt(await hide('trash')), '*').expect(200)
  const scheduled = await hide('scheduled')
  await to(desk, scheduled, 'publish', { liveFrom: FAR, note: secret })
  await desk.patch(articleAt(scheduled), { slug: `${CANARY}-rescheduled` }, '*').expect(200)
  await to(desk, scheduled, 'publish', { liveFrom: FAR, liveUntil: '2031-01-01T00:00:00.000Z' })
  slugs.push(`${CANARY}-rescheduled`)
  await to(desk, await hide('embargoed'), 'publish', { liveFrom: FAR, embargo: true })
  // A headline that readers see waits for this one.
  await to(desk, await hide('waited-for', { headline: WAITS }), 'publish', { liveFrom: FAR, embargo: true })
  await hide('waited-for-draft', { headline: WAITS })
  const unscheduled = await hide('unscheduled')
  await to(desk, unscheduled, 'publish', { liveFrom: FAR })
  await to(desk, unscheduled, 'unschedule', { note: secret })
  const binned = await hide('planned-trash')
  await to(desk, binned, 'publish', { liveFrom: FAR, embargo: true })
  await desk.delete(articleAt(binned), '*').expect(200)
  const erased = await hide('erased-draft')
  await desk.delete(articleAt(erased), '*').expect(200)
  await to(desk, erased, 'erase', { confirm: erased })
}

/** Staged rails: one that nobody has published, and the draft of one that readers have. */
async function plantDrafts(desk: Desk, { keys }: Hidden): Promise<void> {
  const key = `${CANARY}-staged`
  const rail = { title: CANARY, description: secret, publishMode: 'staged', items: [{ headline: secret }] }
  await desk.post('/v1/editorial/rails', { key, ...rail }).expect(201)
  await desk.change(`/v1/editorial/rails/${key}/publish`, 1, { liveFrom: FAR }).expect(200)
  keys.push(key)
  await desk.put('/v1/editorial/rails/staged', rail, 2).expect(200)
}

/** Everything that the desk may keep to itself, beside articles that are public and stay as they are. */
export async function plant(app: TestApp, desk: Desk, live: string, other: string, hidden: Hidden): Promise<void> {
  await plantPieces(desk, hidden)
  // Live pieces, changed under new slugs that nobody knows yet: one is not published, the other will be.
  await desk.patch(articleAt(live), { ...everywhere, slug: `${CANARY}-pending` }, '*').expect(200)
  await desk.patch(articleAt(other), { ...everywhere, slug: `${CANARY}-update` }, '*').expect(200)
  const correction = { kind: 'correction', text: secret, note: secret }
  await to(desk, other, 'publish', { ...correction, liveFrom: FAR, embargo: true })
  hidden.slugs.push(`${CANARY}-pending`, `${CANARY}-update`)

  await plantDrafts(desk, hidden)
  const { version, items } = (await desk.get(linksOf(live))).body
  const { data } = (await desk.get(`${ARTICLES}?limit=100`)).body
  const standing: string[] = data.map(({ id }: { id: string }) => id)
  const toHidden = hidden.ids
    .filter((id) => standing.includes(id))
    .map((id) => ({ headline: secret, note: secret, target: { kind: 'article', id } }))
  const below = toHidden.slice(0, 5).map(({ note: _note, ...link }) => link)
  const noted = (list: Record<string, unknown>[]) =>
    list.map(({ position: _position, state: _state, ...link }) => ({ ...link, note: secret, sublinks: below }))
  // What has its own time, which has not come or is over, and what would have a place among the others.
  const timed = [
    { headline: secret, startsAt: '2031-01-01T00:00:00Z', pin: 0, byline: CANARY },
    { headline: secret, endsAt: '2026-01-01T00:00:00Z', target: { kind: 'rail', key: CANARY } },
    { headline: secret, target: { kind: 'section', slug: CANARY, latest: true }, pin: 1 },
  ]
  const [first = {}, ...rest] = toHidden
  await links(desk, live, [...timed, ...rest, ...noted(items), { ...first, pin: 0 }], version)
  const rail = (await desk.get('/v1/editorial/rails/top')).body
  await desk
    .put('/v1/editorial/rails/top/items', { items: [...timed, ...toHidden, ...noted(rail.items)] }, rail.version)
    .expect(200)

  const caller = { id: NOWHERE, name: CANARY, role: 'admin' as const, scopes: roles.admin }
  await plantWithoutRoutes(app, caller, live)
  const document = Buffer.from(`${secret}.\n\n\n${secret} one\n${secret} two\n`)
  const options = { headline: 'derive' as const, publish: false }
  const outcome = await app.services.importing.importDocument(caller, `${CANARY}.txt`, document, options)
  hidden.ids.push('id' in outcome ? outcome.id : '')
  await app.services.access.create(CANARY, 'admin')
}

/** What is kept in the tables: a lock, a release, and what a rail will hold with it. */
async function plantWithoutRoutes(
  { db, services }: TestApp,
  caller: Parameters<typeof services.rails.planIn>[1],
  live: string,
) {
  const now = '2026-11-22T12:00:00.000Z'
  const by = { createdAt: now, createdById: NOWHERE, createdByName: CANARY }
  const changed = { updatedAt: now, updatedById: NOWHERE, updatedByName: CANARY }
  const release = {
    id: NOWHERE,
    title: secret,
    version: 1,
    state: 'scheduled' as const,
    liveFrom: FAR,
    ...by,
    ...changed,
  }
  const plan = { items: [{ headline: secret, note: secret }] }
  const item = { releaseId: NOWHERE, kind: 'rail' as const, subject: 'top', version: 1, plan, position: 0 }
  const lock = { articleId: live, holderId: NOWHERE, holderName: CANARY, since: now, until: FAR }
  await db.write(async (tx) => {
    await tx.insert(db.tables.articleLocks).values(lock)
    await tx.insert(db.tables.releases).values(release)
    await tx.insert(db.tables.releaseItems).values(item)
    const { list } = await services.rails.planIn(tx, caller, 'top', plan, FAR, NOWHERE)
    expect(list.scheduledFrom).toBe(FAR)
  })
}
