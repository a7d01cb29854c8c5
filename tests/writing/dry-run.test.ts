import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialArticle, Effects } from '../../src/articles/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import {
  ARTICLES,
  articleAt,
  type Desk,
  draft,
  FRONTS,
  frontAt,
  linkAt,
  links,
  linksOf,
  published,
  RAILS,
  RELEASES,
  release,
  releaseAt,
  story,
} from '../support/builders.ts'
import { dump } from '../support/dump.ts'

const LATER = { liveFrom: '2027-01-01T06:00:00+01:00', liveUntil: '2027-01-02T00:00:00Z' }

let app: TestApp
let desk: Desk
let admin: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
})

interface Write {
  path: string
  body?: object
  ifMatch?: number | '*'
  ifNoneMatch?: '*'
  /** The body where it is a JSON Patch. */
  type?: string
}
let numbers = 0
const rail = async (items: object[] = []) =>
  (await desk.post(RAILS, { key: `rail-${++numbers}`, title: 'Rail', items }).expect(201)).body
/** A rail that has been published, and has a draft since. */
async function staged() {
  const { key } = await rail([{ headline: 'One' }])
  await desk.patch(`${RAILS}/${key}`, { publishMode: 'staged' }, 1).expect(200)
  return (await desk.put(`${RAILS}/${key}/items`, { items: [] }, 2).expect(200)).body
}
const term = async (kind: string) => {
  const path = `/v1/editorial/${kind}/term-${++numbers}`
  await desk.put(path, { name: 'Term' }).set('if-none-match', '*').expect(201)
  return path
}
const front = async () => {
  const rails = [{ key: (await rail()).key }]
  return (await desk.post(FRONTS, { key: `front-${++numbers}`, title: 'Front', rails }).expect(201)).body
}
const WEBHOOKS = '/v1/editorial/webhooks'
const hook = () => ({ name: 'The app', url: 'https://app.example/hooks' })
const madeHook = async () => (await admin.post(WEBHOOKS, hook()).expect(201)).body.id
const linkOf = async () => (await links(desk, (await draft(desk)).id, [{ headline: 'One' }], 0)).items[0]?.id ?? ''
const put = (path: string, body?: object, ifMatch?: number | '*'): Write => ({
  path,
  ...(body && { body }),
  ...(ifMatch !== undefined && { ifMatch }),
})

/**
 * A request for each write of the editorial document that is carried out, after what has to be there for it was made. A
 * new write has to be given one here.
 */
const valid: Record<string, () => Promise<Write>> = {
  createArticle: async () => put(ARTICLES, story({ publish: true, tags: [{ name: 'Dry' }] })),
  replaceArticle: async () => put(articleAt((await published(desk)).id), story({ slug: `renamed-${++numbers}` }), 2),
  patchArticle: async () => put(articleAt((await published(desk)).id), { kicker: 'Dry', changeNote: 'Try' }, 2),
  trashArticle: async () => put(articleAt((await published(desk)).id), undefined, 2),
  restoreArticle: async () => {
    const { id } = await draft(desk)
    await desk.delete(articleAt(id), 1).expect(200)
    return put(`${articleAt(id)}/restore`, {}, 2)
  },
  publishArticle: async () => put(`${articleAt((await draft(desk)).id)}/publish`, LATER, 1),
  withdrawArticle: async () => put(`${articleAt((await published(desk)).id)}/withdraw`, {}, 2),
  unscheduleArticle: async () => {
    const { id } = await draft(desk)
    await desk.change(`${articleAt(id)}/publish`, 1, LATER).expect(200)
    return put(`${articleAt(id)}/unschedule`, {}, 2)
  },
  killArticle: async () => put(`${articleAt((await published(desk)).id)}/kill`, { reason: 'legal' }, 2),
  eraseArticle: async () => {
    const { id } = await published(desk)
    await desk.delete(articleAt(id), 2).expect(200)
    return put(`${articleAt(id)}/erase`, { confirm: id }, 3)
  },
  replaceHeadlines: async () => put(linksOf((await published(desk)).id), { items: [{ headline: 'One' }] }, 0),
  appendHeadline: async () => put(linksOf((await published(desk)).id), { headline: 'One' }, 0),
  operateHeadlines: async () => {
    const { id } = await draft(desk)
    const { items } = await links(desk, id, [{ headline: 'One' }, { headline: 'Two' }], 0)
    const move = { op: 'move', id: items[1]?.id, place: 'first' }
    return put(`${linksOf(id)}/operations`, { operations: [move, { op: 'insert', item: { headline: 'New' } }] }, 1)
  },
  patchHeadlineLink: async () => put(linkAt(await linkOf()), { headline: 'Two' }, 1),
  deleteHeadlineLink: async () => put(linkAt(await linkOf()), undefined, 1),
  createRail: async () => put(RAILS, { key: `rail-${++numbers}`, title: 'Rail', items: [{ headline: 'One' }] }),
  replaceRail: async () => put(`${RAILS}/${(await rail()).key}`, { title: 'New', items: [{ headline: 'One' }] }, 1),
  patchRail: async () => put(`${RAILS}/${(await rail()).key}`, { title: 'New' }, 1),
  replaceRailItems: async () => put(`${RAILS}/${(await rail()).key}/items`, { items: [{ headline: 'One' }] }, 1),
  insertRailItem: async () => put(`${RAILS}/${(await rail()).key}/items`, { item: { headline: 'One' } }, 1),
  operateRail: async () => {
    const { key, items } = await rail([{ headline: 'One' }])
    return put(`${RAILS}/${key}/operations`, { operations: [{ op: 'pin', id: items[0].id, at: 3 }] }, 1)
  },
  publishRail: async () => put(`${RAILS}/${(await staged()).key}/publish`, {}, 3),
  unscheduleRail: async () => {
    const { key } = await staged()
    await desk.change(`${RAILS}/${key}/publish`, 3, { liveFrom: LATER.liveFrom }).expect(200)
    return put(`${RAILS}/${key}/unschedule`, undefined, 4)
  },
  discardRailDraft: async () => put(`${RAILS}/${(await staged()).key}/discard`, undefined, 3),
  deleteRail: async () => put(`${RAILS}/${(await rail([{ headline: 'One' }])).key}`, undefined, 1),
  createKey: async () => put('/v1/editorial/keys', { name: 'Dry', role: 'reader' }),
  revokeKey: async () => put(`/v1/editorial/keys/${(await app.services.access.create('Old', 'reader')).id}`),
  restoreArticleVersion: async () => put(`${articleAt((await published(desk)).id)}/versions/1/restore`, {}, 2),
  lockArticle: async () => put(`${articleAt((await draft(desk)).id)}/lock`, {}),
  unlockArticle: async () => {
    const { id } = await draft(desk)
    await admin.put(`${articleAt(id)}/lock`, {}).expect(200)
    return put(`${articleAt(id)}/lock`)
  },
  restoreHeadlinesVersion: async () => {
    const { id } = await draft(desk)
    await links(desk, id, [{ headline: 'One' }], 0)
    await links(desk, id, [], 1)
    return put(`${linksOf(id)}/versions/1/restore`, undefined, 2)
  },
  restoreRailVersion: async () => put(`${RAILS}/${(await rail()).key}/versions/1/restore`, undefined, 1),
  createFront: async () =>
    put(FRONTS, { key: `front-${++numbers}`, title: 'Front', rails: [{ key: (await rail()).key }] }),
  replaceFront: async () => put(frontAt((await front()).key), { title: 'New', rails: [] }, 1),
  patchFront: async () => put(frontAt((await front()).key), { title: 'New' }, 1),
  deleteFront: async () => put(frontAt((await front()).key), undefined, 1),
  restoreFrontVersion: async () => put(`${frontAt((await front()).key)}/versions/1/restore`, undefined, 1),
  replaceSection: async () => put(await term('sections'), { name: 'New' }, 1),
  patchSection: async () => put(await term('sections'), { name: 'New' }, 1),
  deleteSection: async () => put(await term('sections'), undefined, 1),
  replaceTag: async () => put(await term('tags'), { name: 'New' }, 1),
  patchTag: async () => put(await term('tags'), { name: 'New' }, 1),
  deleteTag: async () => put(await term('tags'), undefined, 1),
  replaceAuthor: async () => put(await term('authors'), { name: 'New' }, 1),
  patchAuthor: async () => put(await term('authors'), { name: 'New' }, 1),
  deleteAuthor: async () => put(await term('authors'), undefined, 1),
  createRelease: async () =>
    put(RELEASES, { title: 'Night', items: [{ kind: 'article', id: (await draft(desk)).id }] }),
  patchRelease: async () => put(releaseAt((await release(desk)).id), { title: 'Day' }, 1),
  deleteRelease: async () => put(releaseAt((await release(desk)).id), undefined, 1),
  addToRelease: async () => {
    const item = { kind: 'rail', key: (await rail()).key, items: [{ headline: 'Planned' }] }
    return put(`${releaseAt((await release(desk)).id)}/items`, item, 1)
  },
  removeFromRelease: async () => {
    const { id } = await draft(desk)
    return put(`${releaseAt((await release(desk, [{ kind: 'article', id }])).id)}/items/article/${id}`, undefined, 1)
  },
  scheduleRelease: async () => {
    const { id } = await draft(desk)
    const { liveFrom } = LATER
    return put(`${releaseAt((await release(desk, [{ kind: 'article', id }])).id)}/schedule`, { liveFrom }, 1)
  },
  cancelRelease: async () => {
    const { id } = await draft(desk)
    const at = releaseAt((await release(desk, [{ kind: 'article', id }])).id)
    await desk.change(`${at}/schedule`, 1, { liveFrom: LATER.liveFrom }).expect(200)
    return put(`${at}/cancel`, {}, 2)
  },
  createPreview: async () => put('/v1/editorial/previews', { articleId: (await draft(desk)).id }),
  revokePreview: async () => {
    const made = await admin.post('/v1/editorial/previews', { articleId: (await draft(desk)).id }).expect(201)
    return put(`/v1/editorial/previews/${made.body.id}`)
  },
  cancelImport: async () => {
    const sent = await admin.raw('post', '/v1/editorial/imports', 'Text', { 'content-type': 'text/plain' }).expect(202)
    return put(`/v1/editorial/imports/${sent.body.id}/cancel`)
  },
  createWebhook: async () => put(WEBHOOKS, hook()),
  patchWebhook: async () => put(`${WEBHOOKS}/${await madeHook()}`, { name: 'New' }, 1),
  deleteWebhook: async () => put(`${WEBHOOKS}/${await madeHook()}`, undefined, 1),
  rotateWebhookSecret: async () => put(`${WEBHOOKS}/${await madeHook()}/rotate`, undefined, 1),
  testWebhook: async () => put(`${WEBHOOKS}/${await madeHook()}/test`),
  redeliverWebhook: async () => put(`${WEBHOOKS}/${await madeHook()}/redeliver`, { after: 0 }),
  batch: async () => {
    const { id } = await published(desk)
    const change = { method: 'PATCH', path: articleAt(id), ifMatch: 2, body: { kicker: 'Dry' } }
    return put('/v1/editorial/batch', { operations: [change, { method: 'POST', path: ARTICLES, body: story() }] })
  },
}

type Verb = 'post' | 'put' | 'patch' | 'delete'
interface Documented {
  verb: Verb
  operationId: string
  parameters: { name: string; in: string }[]
}
/** A file on its way is no write; what is done with it has a dry run of its own (tests/importing/jobs.test.ts). */
const isFile = ({ operationId }: Pick<Documented, 'operationId'>) =>
  ['createImport', 'addImportContent'].includes(operationId)

function documented(): Documented[] {
  const { paths } = app.documents.editorial as { paths: Record<string, Record<string, Omit<Documented, 'verb'>>> }
  return Object.values(paths).flatMap((item) =>
    Object.entries(item).flatMap(([verb, operation]) =>
      verb === 'get' || isFile(operation) ? [] : [{ ...operation, verb: verb as Verb }],
    ),
  )
}

const send = (verb: Verb, { path, body, ifMatch, ifNoneMatch }: Write, query: string, who = admin) => {
  const at = `${path}${query}`
  const test =
    verb === 'delete'
      ? who.delete(at, ifMatch)
      : verb === 'post'
        ? who.post(at, body)
        : who[verb](at, body ?? {}, ifMatch)
  if (verb === 'post' && ifMatch !== undefined) test.set('if-match', ifMatch === '*' ? '*' : `"${ifMatch}"`)
  if (ifNoneMatch) test.set('if-none-match', ifNoneMatch)
  return test
}

/** What of an answer is made anew each time: ids, secrets and instants; and what only a dry run tells. */
function plain(text: string): unknown {
  if (text === '') return undefined
  const names = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant')
    .replaceAll(/dl_(dev|preview)_[\w-]+|whsec_[\w+/=]+/g, 'secret')
    .replaceAll(/"hint":"[^"]*"/g, '"hint":""')
  return JSON.parse(names, (name, value) => (name === 'effects' ? undefined : value))
}

/** Bytes of the database where it is a file, and of what was written ahead of it. */
const bytes = (): (Buffer | undefined)[] =>
  app.url.startsWith('file:')
    ? ['', '-wal'].map((end) => {
        const file = `${app.url.slice('file:'.length)}${end}`
        return existsSync(file) ? readFileSync(file) : undefined
      })
    : []

async function unchanged<T>(work: () => Promise<T>): Promise<T> {
  const [before, stored] = [await dump(app.db), bytes()]
  const result = await work()
  const after = bytes()
  expect(after.map((each, at) => stored[at]?.equals(each ?? Buffer.alloc(0)) ?? each === undefined)).toEqual(
    stored.map(() => true),
  )
  expect(await dump(app.db)).toEqual(before)
  return result
}

describe('a dry run of any write', () => {
  it('is known to the document of every write, and every write is tried here', () => {
    const writes = documented()
    expect(writes.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(valid).sort())
    for (const { operationId, parameters } of writes)
      expect(
        parameters.filter((each) => each.name === 'dryRun' && each.in === 'query'),
        operationId,
      ).toHaveLength(1)
  })

  it.each(Object.keys(valid))('%s: changes nothing, and answers what the write then does', async (operationId) => {
    const verb = documented().find((each) => each.operationId === operationId)?.verb ?? 'post'
    const write = await valid[operationId]?.()
    if (write === undefined) throw new Error('Nothing to send')
    const dry = await unchanged(async () => await send(verb, write, '?dryRun=true'))
    expect(dry.status, dry.text).toBeLessThan(300)
    const before = await dump(app.db)
    const real = await send(verb, write, '?dryRun=false')
    expect(await dump(app.db)).not.toEqual(before)
    expect([dry.status, plain(dry.text)]).toEqual([real.status, plain(real.text)])
    expect(dry.headers.etag).toBe(real.headers.etag)
    expect('location' in dry.headers).toBe('location' in real.headers)
    expect(real.text).not.toContain('"effects"')
    const isOfArticle = /Article(Version)?$/.test(operationId) && !/^(erase|lock|unlock)/.test(operationId)
    expect('effects' in (dry.body as object)).toBe(isOfArticle)
  })

  it('that is refused gets the refusal of the write, and changes nothing', async () => {
    const { id, slug } = await published(desk)
    const other = await published(desk)
    const refusals: [number, Verb, Write, Desk?][] = [
      [409, 'post', put(ARTICLES, story({ slug }))],
      [422, 'post', put(ARTICLES, { headline: '' })],
      [404, 'patch', put(articleAt('019b0f61-2c44-7d10-8a55-0a6f3f1f9bee'), { kicker: 'A' }, 1)],
      [409, 'patch', put(articleAt(id), { slug: other.slug }, 2)],
      [412, 'patch', put(articleAt(id), { kicker: 'A' }, 1)],
      [428, 'delete', put(articleAt(id))],
      [409, 'post', put(`${articleAt(id)}/restore`, {}, 2)],
      [422, 'post', put(`${articleAt(id)}/publish`, { liveFrom: '2020-01-01T00:00:00Z' }, 2)],
      [403, 'post', put(RAILS, { key: 'no', title: 'No' }), await app.withRole('contributor')],
      [404, 'patch', put(articleAt(id), { kicker: 'A' }, 2), await app.withRole('contributor')],
      [422, 'put', put(linksOf(id), { items: [{ target: { kind: 'article', id: other.id.replace(/.$/, 'x') } }] }, 0)],
    ]
    for (const [status, verb, write, who] of refusals) {
      const [dry, real] = await unchanged(async () => [
        await send(verb, write, '?dryRun=true', who).set('x-request-id', 'one'),
        await send(verb, write, '', who).set('x-request-id', 'one'),
      ])
      expect(dry.status, dry.text).toBe(status)
      expect([dry.status, plain(dry.text), dry.headers.etag]).toEqual([
        real.status,
        plain(real.text),
        real.headers.etag,
      ])
    }
  })

  it('by another word than true or false is refused', async () => {
    for (const word of ['yes', '1', '', 'TRUE'])
      expect((await desk.post(`${ARTICLES}?dryRun=${word}`, story()).expect(400)).body.code).toBe('invalid-parameter')
  })
})

describe('a dry run tells what a write would do beside the article', () => {
  const dry = async (verb: Verb, write: Write, who = desk): Promise<EditorialArticle & { effects: Effects }> =>
    (await unchanged(async () => await send(verb, write, '?dryRun=true', who))).body

  it('a new slug shows the old address, which will lead to it', async () => {
    const { id, slug } = await published(desk)
    const { effects } = await dry('patch', put(articleAt(id), { slug: `${slug}-new` }, 2))
    expect(effects.redirects).toEqual([slug])
    const { body: renamed } = await desk.patch(articleAt(id), { slug: `${slug}-new` }, 2).expect(200)
    await desk.change(`${articleAt(id)}/publish`, renamed.version).expect(200)
    const { headers } = await app.nobody.get(`/v1/articles/${slug}`).expect(301)
    expect(headers.location).toContain(`${slug}-new`)
    // A draft that nobody has seen has no address to be kept.
    const unseen = await draft(desk)
    expect((await dry('patch', put(articleAt(unseen.id), { slug: `${slug}-2` }, 1))).effects.redirects).toEqual([])
  })

  it('a kill shows the links that readers will lose, and no address or edition that would stay', async () => {
    const target = await published(desk)
    const owner = await published(desk)
    const { items } = await links(desk, owner.id, [{ target: { kind: 'article', id: target.id } }], 0)
    const top = await rail([{ headline: 'Other' }, { target: { kind: 'article', id: target.id } }])
    await desk.patch(articleAt(target.id), { slug: `${target.slug}-moved` }, 2).expect(200)
    const { effects } = await dry('post', put(`${articleAt(target.id)}/kill`, { reason: 'legal' }, 3))
    const wanted = [
      { linkId: items[0]?.id, articleId: owner.id, railKey: null },
      { linkId: top.items[1].id, articleId: null, railKey: top.key },
    ]
    expect(effects.links).toHaveLength(2)
    expect(effects).toEqual({ redirects: [], links: expect.arrayContaining(wanted), comesAlive: [], editions: [] })
  })

  it('a schedule shows what readers see now, and from when they will see the new', async () => {
    const { id, liveFrom } = await published(desk)
    const { effects, scheduled } = await dry('post', put(`${articleAt(id)}/publish`, LATER, 2))
    const begins = '2027-01-01T05:00:00.000Z'
    expect(effects.editions).toEqual([
      { edition: 1, liveFrom, liveUntil: begins },
      { edition: 2, liveFrom: begins, liveUntil: '2027-01-02T00:00:00.000Z' },
    ])
    expect(scheduled).toMatchObject({ liveFrom: begins })
  })

  it('a withdrawal shows that nothing is left to see, a publication what is', async () => {
    const { id } = await published(desk)
    expect((await dry('post', put(`${articleAt(id)}/withdraw`, {}, 2))).effects.editions).toEqual([])
    const again = await dry('post', put(`${articleAt(id)}/publish`, {}, 2))
    expect(again.effects.editions).toEqual([{ edition: 2, liveFrom: again.liveFrom, liveUntil: null }])
  })

  it('nothing of drafts that the caller may not know of', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    const hidden = await draft(desk)
    await links(desk, hidden.id, [{ target: { kind: 'article', id } }], 0)
    expect((await dry('patch', put(articleAt(id), { kicker: 'A' }, 1))).effects.links).toHaveLength(1)
    expect((await dry('patch', put(articleAt(id), { kicker: 'A' }, 1), contributor)).effects.links).toEqual([])
  })

  it('nothing of what stands ready for readers in rails and public articles, to who may not read those at the desk', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    const ready = [{ target: { kind: 'article', id } }]
    await rail(ready)
    await links(desk, (await published(desk)).id, ready, 0)
    expect((await dry('patch', put(articleAt(id), { kicker: 'A' }, 1))).effects.links).toHaveLength(2)
    expect((await dry('patch', put(articleAt(id), { kicker: 'A' }, 1), contributor)).effects.links).toEqual([])
  })
})
