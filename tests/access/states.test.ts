import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ArticleState, ArticleState as States } from '../../src/articles/schema.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, linksOf, story } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

// Every operation with an article's id × everybody × wherever an article stands. What is to be expected is computed from
// two small tables that were written by hand: `operations`, and `makes`.

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type State = ArticleState | 'missing'
type Who = 'nobody' | 'reader' | 'partner' | 'contributor' | 'another contributor' | 'editor' | 'admin'

const everybody: Who[] = ['nobody', 'reader', 'partner', 'contributor', 'another contributor', 'editor', 'admin']
const states: State[] = [...States.options, 'missing']
const writers: Who[] = ['contributor', 'another contributor', 'editor', 'admin']
const editors: Who[] = ['editor', 'admin']

const onDesk: State[] = ['draft', 'scheduled', 'live', 'liveWithChanges', 'withdrawn']
const isOut: State[] = ['live', 'liveWithChanges']
const any: State[] = [...States.options]

interface Rule {
  who: Who[]
  /** Where an article must stand; elsewhere it is 409. */
  in: State[]
  ok?: number
  body?: (id: string) => object
  /** Parameters of the path beside the id. */
  path?: Record<string, string>
  query?: string
}

/** A new operation fails the test until somebody has thought about it here. */
const operations: Record<string, Rule> = {
  getEditorialArticle: { who: writers, in: any },
  replaceArticle: { who: writers, in: onDesk, body: () => story() },
  patchArticle: { who: writers, in: onDesk, body: () => ({ kicker: 'Changed' }) },
  trashArticle: { who: writers, in: onDesk },
  restoreArticle: { who: writers, in: ['trashed'] },
  publishArticle: { who: editors, in: onDesk },
  withdrawArticle: { who: editors, in: isOut },
  unscheduleArticle: { who: editors, in: ['scheduled'] },
  killArticle: { who: editors, in: [...isOut, 'withdrawn'], body: () => ({ reason: 'legal' }) },
  eraseArticle: { who: ['admin'], in: ['trashed', 'killed'], ok: 204, body: (id) => ({ confirm: id }) },
  listArticleVersions: { who: writers, in: any },
  getArticleVersion: { who: writers, in: any, path: { version: '1' } },
  diffArticleVersions: { who: writers, in: any, path: { a: '1', b: '1' } },
  restoreArticleVersion: { who: writers, in: onDesk, path: { version: '1' } },
  getArticleLock: { who: writers, in: any },
  lockArticle: { who: writers, in: onDesk },
  unlockArticle: { who: writers, in: onDesk },
  listPlacements: { who: writers, in: any },
  listHeadlinesVersions: { who: writers, in: any },
  listRemovedHeadlines: { who: writers, in: any },
  getHeadlinesVersion: { who: writers, in: any, path: { version: '1' } },
  diffHeadlinesVersions: { who: writers, in: any, path: { a: '1', b: '1' } },
  restoreHeadlinesVersion: { who: writers, in: onDesk, path: { version: '1' } },
  getEditorialHeadlines: { who: writers, in: any },
  replaceHeadlines: { who: writers, in: onDesk, body: () => ({ items: [{ headline: 'New' }] }) },
  operateHeadlines: {
    who: writers,
    in: onDesk,
    body: () => ({ operations: [{ op: 'insert', item: { headline: 'New' } }] }),
  },
  appendHeadline: { who: writers, in: onDesk, ok: 201, body: () => ({ headline: 'New' }) },
  getHeadlineLink: { who: writers, in: any },
  patchHeadlineLink: { who: writers, in: onDesk, body: () => ({ headline: 'New' }) },
  deleteHeadlineLink: { who: writers, in: onDesk, ok: 204 },
}

/** Contributors see what they wrote, as long as nobody has planned to publish it; what is in the trash was a draft here. */
const sees = (who: Who, state: State): boolean =>
  state !== 'missing' && (editors.includes(who) || (who === 'contributor' && ['draft', 'trashed'].includes(state)))

function expected(who: Who, state: State, rule: Rule): number {
  if (who === 'nobody') return 401
  if (!rule.who.includes(who)) return 403
  if (!sees(who, state)) return 404
  return rule.in.includes(state) ? (rule.ok ?? 200) : 409
}

interface Operation {
  operationId: string
  verb: Verb
  path: string
}

const NOWHERE = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
const clock = testClock()
let app: TestApp
let known: Operation[]
const desks = new Map<Who, Desk>()
const desk = (who: Who): Desk => desks.get(who) ?? app.nobody

beforeAll(async () => {
  app = await startApp({ clock })
  for (const role of ['reader', 'partner', 'contributor', 'editor', 'admin'] as const) {
    desks.set(role, await app.withRole(role))
  }
  desks.set('another contributor', await app.withRole('contributor'))
  const { paths } = app.documents.editorial as { paths: Record<string, Record<Verb, { operationId: string }>> }
  known = Object.entries(paths)
    .filter(([path]) => /\/(articles|headline-links)\/\{id\}/.test(path))
    .flatMap(([path, item]) =>
      Object.entries(item).map(([verb, { operationId }]) => ({ operationId, verb: verb as Verb, path })),
    )
})

interface Made {
  id: string
  linkId: string
}
const later = () => new Date(Date.parse(clock.now()) + 3_600_000).toISOString()
const to = (id: string, act: string, body?: object) =>
  desk('editor')
    .change(`${articleAt(id)}/${act}`, '*', body)
    .expect(200)

/** What brings a contributor's draft there. */
const makes: Record<ArticleState, (id: string) => Promise<unknown>> = {
  draft: async () => undefined,
  scheduled: (id) => to(id, 'publish', { liveFrom: later() }),
  live: (id) => to(id, 'publish'),
  liveWithChanges: async (id) => {
    await to(id, 'publish')
    await desk('editor').patch(articleAt(id), { kicker: 'Changed' }, '*').expect(200)
  },
  withdrawn: async (id) => {
    await to(id, 'publish')
    await to(id, 'withdraw')
  },
  killed: async (id) => {
    await to(id, 'publish')
    await to(id, 'kill', { reason: 'privacy' })
  },
  trashed: (id) => desk('editor').delete(articleAt(id), '*').expect(200),
}

/** A contributor's article that stands there, with one link. */
async function make(state: State): Promise<Made> {
  if (state === 'missing') return { id: NOWHERE, linkId: NOWHERE }
  const { id } = await draft(desk('contributor'))
  const { body } = await desk('contributor').change(linksOf(id), 0, { headline: 'One' }).expect(201)
  await makes[state](id)
  return { id, linkId: body.id }
}

/** The operation on what was made, with all that it needs: it may be refused for who asks and for where it stands only. */
function ask(who: Who, { operationId, verb, path }: Operation, { id, linkId }: Made): PromiseLike<Response> {
  const { body, path: others = {}, query = '' } = operations[operationId] ?? { who: [], in: [] }
  const subject = path.includes('/headline-links/') ? linkId : id
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'id' ? subject : (others[name] ?? ''))) + query
  const fields = body?.(id)
  const calls = {
    get: () => desk(who).get(url),
    delete: () => desk(who).delete(url, '*'),
    post: () => desk(who).change(url, '*', fields),
    put: () => desk(who).put(url, fields ?? {}, '*'),
    patch: () => desk(who).patch(url, fields ?? {}, '*'),
  }
  return calls[verb]().set('x-request-id', 'same')
}

/** All of an answer that does not tell the time. */
function whole({ status, text, headers }: Response) {
  const { date: _date, ...rest } = headers
  return { status, text, headers: rest }
}

/** A fifth of the cells by default, with every operation, person and state among them; all in the long run. */
const isChosen = (n: number): boolean => rounds > 1 || n % 5 === 0

describe('every operation with the id of an article', () => {
  it('is in the table, and the table has no other', () => {
    expect(known.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(operations).toSorted())
  })

  it.each(states)(
    'does to what is %s what the table says, for everybody',
    async (state) => {
      const stays = await make(state)
      const before = state === 'missing' ? undefined : (await desk('admin').get(articleAt(stays.id)).expect(200)).text
      const cells = known.flatMap((operation) => everybody.map((who) => ({ operation, who })))
      for (const [n, { operation, who }] of cells.entries()) {
        if (!isChosen(n + states.indexOf(state))) continue
        const rule = operations[operation.operationId] ?? { who: [], in: [] }
        const status = expected(who, state, rule)
        const isDone = status < 300 && operation.verb !== 'get'
        const answer = await ask(who, operation, isDone ? await make(state) : stays)
        const name = `${operation.operationId} as ${who}: ${answer.text}`
        expect(answer.status, name).toBe(status)
        if (status === 409) expect(answer.body.code, name).toBe('invalid-transition')
        if (status !== 404) continue
        // What somebody may not know of is answered like what there is not.
        expect(whole(answer), name).toEqual(whole(await ask(who, operation, { id: NOWHERE, linkId: NOWHERE })))
      }
      if (before === undefined) return
      expect((await desk('admin').get(articleAt(stays.id))).text).toBe(before)
    },
    60_000 * rounds,
  )
})
