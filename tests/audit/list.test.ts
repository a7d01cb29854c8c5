import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/schema.ts'
import { newId } from '../../src/shared/ids.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { auditRows } from '../support/audit.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'
import { runs } from '../support/rounds.ts'

const AUDIT = '/v1/editorial/audit'
let app: TestApp
let admin: Desk
let editor: Desk
let all: AuditEntry[]
let editorId: string
beforeAll(async () => {
  app = await startApp()
  admin = await app.withRole('admin', 'The chief')
  editor = await app.withRole('editor', 'News desk')
  editorId = (await editor.get('/v1/me')).body.id
  for (const _ of Array(4)) {
    const { id } = await published(editor)
    await links(admin, id, [{ headline: 'More' }], 0)
    await admin.change(`${articleAt(id)}/withdraw`, 2).expect(200)
    await editor.get('/v1/editorial/keys').expect(403)
    await app.as('wrong').get('/v1/articles').expect(401)
  }
  await admin.post('/v1/editorial/rails', { key: 'top', title: 'Top' }).expect(201)
  await auditRows(app)
  all = (await admin.get(`${AUDIT}?limit=100`).expect(200)).body.data
})

/** An answer of lines, which the client would not keep as text by itself. */
const exported = (query = '') =>
  admin
    .get(`${AUDIT}/export${query}`)
    .buffer(true)
    .parse((response, done) => {
      const lines = response as unknown as IncomingMessage & { text: string }
      lines.text = ''
      lines.setEncoding('utf8').on('data', (text: string) => (lines.text += text))
      lines.on('end', () => done(null, lines.text))
    })
const entriesOf = (text: string): AuditEntry[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe('the audit as an administrator reads it', () => {
  it('is newest first, with names of fields and nothing that stood in them', () => {
    expect(all.length).toBe(1 + 1 + 1 + 4 * 5)
    const order = all.map(({ at, id }) => at + id)
    expect(order).toEqual(order.toSorted().reverse())
    expect(all.find(({ action }) => action === 'withdrawArticle')).toMatchObject({
      actor: { name: 'The chief' },
      outcome: 'accepted',
      subject: { kind: 'article', version: 3, changed: ['state', 'liveUntil'] },
    })
    expect(all.find(({ action }) => action === 'listArticles')).toMatchObject({ actor: null, subject: null })
    expect(JSON.stringify(all)).not.toMatch(/Council|Motion|dl_/)
  })

  it('is filtered by who, what, to what, how it ended and when, alone and together', async () => {
    const [one] = all.filter(({ action }) => action === 'createArticle')
    const [, , , last] = all
    if (!one?.subject || !last) throw new Error('The audit has too little')
    const cases: [Record<string, string>, (entry: AuditEntry) => boolean][] = [
      [{ actor: editorId }, ({ actor }) => actor?.id === editorId],
      [{ action: 'createArticle' }, ({ action }) => action === 'createArticle'],
      [{ subject: one.subject.id }, ({ subject }) => subject?.id === one.subject?.id],
      [{ subject: 'top' }, ({ subject }) => subject?.id === 'top'],
      [{ kind: 'headlines' }, ({ subject }) => subject?.kind === 'headlines'],
      [{ outcome: 'refused' }, ({ outcome }) => outcome === 'refused'],
      [{ after: one.at }, ({ at }) => at > one.at],
      [{ before: one.at }, ({ at }) => at < one.at],
      [
        { actor: editorId, outcome: 'refused', before: last.at },
        (each) => each.actor?.id === editorId && each.outcome === 'refused' && each.at < last.at,
      ],
      [{ action: 'nothing' }, () => false],
    ]
    for (const [filter, isMeant] of cases) {
      const query = `?${new URLSearchParams(filter)}`
      const expected = all.filter(isMeant)
      expect((await admin.get(`${AUDIT}${query}&limit=100`).expect(200)).body.data, query).toEqual(expected)
      expect(entriesOf((await exported(query).expect(200)).text), query).toEqual(expected)
    }
    // The same instant in another zone is the same question.
    const there = new Date(Date.parse(one.at) + 3_600_000).toISOString().replace('Z', '+01:00')
    const query = `?after=${encodeURIComponent(there)}&limit=100`
    expect((await admin.get(AUDIT + query).expect(200)).body.data).toEqual(all.filter(({ at }) => at > one.at))
  })

  it.each(['outcome=maybe', 'after=2026-02-30T00:00:00Z', 'before=today', 'actors=x', 'limit=0', 'subject='])(
    'refuses ?%s',
    async (query) => {
      const { body } = await admin.get(`${AUDIT}?${query}`).expect(400)
      expect(body.code).toBe('invalid-parameter')
    },
  )

  it('refuses a cursor that came with other filters', async () => {
    const { page } = (await admin.get(`${AUDIT}?limit=1`).expect(200)).body
    const { body } = await admin.get(`${AUDIT}?limit=1&kind=rail&cursor=${page.next}`).expect(400)
    expect(body.code).toBe('invalid-cursor')
  })

  it('comes in pages without a gap or a repetition, forward and back, of any size', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('', 'outcome=accepted&', 'kind=article&'))
    await fc.assert(
      fc.asyncProperty(sizes, async ([limit, filter]) => {
        const pages: AuditEntry[][] = []
        const back: AuditEntry[][] = []
        let next: string | null = `${AUDIT}?${filter}limit=${limit}`
        let lastLink = ''
        while (next) {
          const { body, headers }: { body: { data: AuditEntry[] }; headers: Record<string, string> } = await admin
            .get(next)
            .expect(200)
          pages.push(body.data)
          lastLink = headers.link ?? ''
          next = /<([^>]+)>; rel="next"/.exec(lastLink)?.[1] ?? null
        }
        for (let at = /<([^>]+)>; rel="prev"/.exec(lastLink)?.[1]; at; ) {
          const { body, headers } = await admin.get(at).expect(200)
          back.unshift(body.data)
          at = /<([^>]+)>; rel="prev"/.exec(headers.link ?? '')?.[1]
        }
        const wanted = (await admin.get(`${AUDIT}?${filter}limit=100`)).body.data
        expect(pages.flat()).toEqual(wanted)
        expect([...back.flat(), ...(pages.at(-1) ?? [])]).toEqual(wanted)
      }),
      runs(6),
    )
  })
})

describe('the audit as a file', () => {
  it('has the same entries as the list, each on a line', async () => {
    const { text, headers } = await exported().expect(200)
    expect(headers['content-type']).toBe('application/x-ndjson')
    expect(headers['cache-control']).toBe('private, no-store')
    expect(entriesOf(text)).toEqual(all)
    expect((await exported('?action=nothing').expect(200)).text).toBe('')
    const head = await admin.head(`${AUDIT}/export`).expect(200)
    expect(head.headers['content-type']).toBe('application/x-ndjson')
  })

  it('is for those who take lines of JSON; the other addresses still give JSON only', async () => {
    for (const accept of [
      'application/x-ndjson',
      '*/*',
      'application/*',
      'application/json, application/x-ndjson;q=0.5',
    ])
      await exported().set('accept', accept).expect(200)
    for (const accept of ['application/json', 'text/html', 'application/x-ndjson;q=0, */*']) {
      const { body } = await admin.get(`${AUDIT}/export`).set('accept', accept).expect(406)
      expect(body.detail).toContain('application/x-ndjson')
    }
    for (const path of [AUDIT, '/v1/editorial/articles', '/v1/articles'])
      await admin.get(path).set('accept', 'application/x-ndjson').expect(406)
  })

  it('has what there was when it began, in pages of bounded size, whatever is noted meanwhile', async () => {
    const { audit } = app.services
    const many = 1_201
    // All of one instant, so that it is their ids that tell them apart.
    const common = { at: app.clock.now(), actorId: null, actorName: null, requestId: 'r', outcome: 'accepted' as const }
    const done = { action: 'test', times: 1, subjectKind: 'article', subjectId: 'many', changed: [] }
    const rows = Array.from({ length: many }, (_, version) => ({ id: newId(), ...common, ...done, version }))
    await app.db.write((tx) => tx.insert(app.db.tables.audit).values(rows))
    const got: AuditEntry[][] = []
    for await (const page of audit.pages({ subject: 'many' })) {
      got.push(page)
      await app.db.write((tx) =>
        audit.recordIn(tx, {
          actor: null,
          requestId: 'r',
          action: 'late',
          outcome: 'accepted',
          subject: { kind: 'article', id: 'many' },
        }),
      )
    }
    expect(got.map(({ length }) => length)).toEqual([500, 500, 201])
    const versions = got.flat().map(({ subject }) => subject?.version)
    expect(versions).toEqual(Array.from({ length: many }, (_, at) => many - 1 - at))
    expect(entriesOf((await exported('?subject=many').expect(200)).text)).toHaveLength(many + 3)
  })

  it('is nobody’s but an administrator’s', async () => {
    const draftOfMine = await draft(editor)
    for (const path of [AUDIT, `${AUDIT}/export`, `${AUDIT}?subject=${draftOfMine.id}`])
      expect((await editor.get(path).expect(403)).body.scope).toBe('audit:read')
  })
})
