import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linkAt, links, linksOf, published, story } from '../support/builders.ts'

let app: TestApp
let editor: Desk
let jane: Desk
let john: Desk
beforeAll(async () => {
  app = await startApp()
  editor = await app.withRole('editor')
  jane = await app.withRole('contributor', 'Jane')
  john = await app.withRole('contributor', 'John')
})

const NOWHERE = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'

describe('a contributor', () => {
  it('writes drafts of their own: text, links, trash and back', async () => {
    const { id } = await draft(jane)
    await jane.patch(articleAt(id), { kicker: 'Mine' }, 1).expect(200)
    await jane.put(articleAt(id), story(), 2).expect(200)
    const { items } = await links(jane, id, [{ headline: 'One' }], 0)
    await jane.patch(linkAt(items[0]?.id ?? ''), { label: 'new' }, 1).expect(200)
    await jane.change(linksOf(id), 2, { headline: 'Two' }).expect(201)
    await jane.delete(articleAt(id), '*').expect(200)
    await jane.change(`${articleAt(id)}/restore`, '*').expect(200)
    expect((await jane.get(articleAt(id)).expect(200)).body).toMatchObject({
      createdBy: { name: 'Jane' },
      state: 'draft',
    })
  })

  it('lists these and no others, in every state', async () => {
    const mine = (await draft(jane)).id
    const others = [(await draft(john)).id, (await draft(editor)).id, (await published(editor)).id]
    const states = ['', 'state=draft&', 'state=live&', 'state=liveWithChanges&', 'state=withdrawn&', 'state=trashed&']
    for (const state of states) {
      const { body } = await jane.get(`${ARTICLES}?${state}limit=100`).expect(200)
      const ids = body.data.map(({ id }: { id: string }) => id)
      for (const other of others) expect(ids).not.toContain(other)
      expect(ids.includes(mine)).toBe(state === '' || state === 'state=draft&')
      for (const each of body.data) expect(each.createdBy.name).toBe('Jane')
    }
  })

  it('does not see their own article any more once an editor has published it, nor its links', async () => {
    const { id, slug } = await draft(jane)
    const { items } = await links(jane, id, [{ headline: 'One' }], 0)
    await editor.change(`${articleAt(id)}/publish`, '*').expect(200)
    await jane.get(articleAt(id)).expect(404)
    await jane.patch(articleAt(id), { headline: 'Changed after the editor' }, '*').expect(404)
    await jane.get(linksOf(id)).expect(404)
    await jane.delete(linkAt(items[0]?.id ?? ''), '*').expect(404)
    await editor.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    await jane.get(articleAt(id)).expect(404)
    expect((await editor.get(articleAt(id))).body.headline).not.toContain('Changed')
    await editor.change(`${articleAt(id)}/publish`, '*').expect(200)
    expect((await jane.get(`/v1/articles/${slug}`).expect(200)).body.headlines).toHaveLength(1)
  })

  it('cannot publish in any way, and nothing is created on the way', async () => {
    const before = (await editor.get(`${ARTICLES}?limit=100`)).body.data.length
    const refused = await jane.post(ARTICLES, story({ publish: true, slug: 'by-the-back-door' })).expect(403)
    expect(refused.body).toMatchObject({ code: 'forbidden', scope: 'articles:publish' })
    expect(refused.headers['www-authenticate']).toContain('scope="articles:publish"')
    const put = (fields: object) => jane.put(articleAt(NOWHERE), story(fields)).set('if-none-match', '*')
    await put({ publish: true, slug: 'by-the-back-door' }).expect(422)
    await put({ state: 'live' }).expect(422)
    await jane.post(ARTICLES, story({ publishedAt: '2026-01-01T00:00:00.000Z' })).expect(422)
    expect((await editor.get(`${ARTICLES}?limit=100`)).body.data).toHaveLength(before)
    const { id, slug } = await draft(jane)
    await jane.patch(articleAt(id), { publish: true }, 1).expect(422)
    await jane.patch(articleAt(id), { state: 'live', liveFrom: null }, 1).expect(422)
    await jane.change(`${articleAt(id)}/publish`, 1).expect(403)
    await jane.change(`${articleAt(id)}/withdraw`, 1).expect(403)
    for (const key of [slug, id, 'by-the-back-door']) await app.nobody.get(`/v1/articles/${key}`).expect(404)
  })

  it('may link what is public, but cannot find out by a link whether another’s draft exists', async () => {
    const { id } = await draft(jane)
    const secret = await draft(john)
    const live = await published(editor)
    const link = (target: string, version: number) =>
      jane
        .put(linksOf(id), { items: [{ target: { kind: 'article', id: target } }] }, version)
        .set('x-request-id', 'same')
    const hidden = await link(secret.id, 0).expect(422)
    expect(hidden.text).toBe((await link(NOWHERE, 0).expect(422)).text)
    await link(live.id, 0).expect(200)
    await link((await draft(jane)).id, 1).expect(200)
  })
})

describe('what a contributor may not see', () => {
  const bodies: Record<string, object> = {
    replaceArticle: { headline: 'Taken over', bodyText: '' },
    patchArticle: { headline: 'Taken over' },
    replaceHeadlines: { items: [] },
    operateHeadlines: { operations: [{ op: 'insert', item: { headline: 'Smuggled in' } }] },
    appendHeadline: { headline: 'Smuggled in' },
    patchHeadlineLink: { headline: 'Taken over' },
  }

  it('is answered byte for byte like what does not exist, by every operation with an id', async () => {
    const trashed = await draft(john)
    await john.delete(articleAt(trashed.id), 1).expect(200)
    const withdrawn = await published(editor)
    await editor.change(`${articleAt(withdrawn.id)}/withdraw`, '*').expect(200)
    const own = await draft(jane)
    await links(jane, own.id, [{ headline: 'Own' }], 0)
    await editor.change(`${articleAt(own.id)}/publish`, '*').expect(200)
    const articles = [await draft(john), trashed, await published(editor), withdrawn, own].map(({ id }) => id)
    const linkIds: string[] = []
    for (const id of articles.filter((each) => each !== trashed.id)) {
      const { version, items } = (await editor.get(linksOf(id))).body
      linkIds.push(...items.map((each: { id: string }) => each.id))
      const secret = { headline: 'Secret', sublinks: [{ headline: 'Below' }] }
      const { body } = await editor.change(linksOf(id), version, secret).expect(201)
      linkIds.push(body.id, body.sublinks[0].id)
    }
    const rail = { key: 'top', title: 'Top', items: [{ headline: 'On a rail' }] }
    linkIds.push((await editor.post('/v1/editorial/rails', rail).expect(201)).body.items[0].id)
    const before = await Promise.all(articles.map(async (id) => (await editor.get(articleAt(id))).text))

    const { paths } = app.documents.editorial as { paths: Record<string, Record<Verb, { operationId: string }>> }
    let asked = 0
    for (const [template, item] of Object.entries(paths).filter(([path]) => path.includes('{'))) {
      const hidden = template.includes('headline-links') ? linkIds : template.includes('/rails') ? ['top'] : articles
      for (const [verb, { operationId }] of Object.entries(item) as [Verb, { operationId: string }][]) {
        for (const ifMatch of [undefined, '*', '"1"', '"2"', 'broken']) {
          const ask = async (id: string) => {
            const path = template.replaceAll(/\{\w+\}/g, id)
            const sent =
              verb === 'get' || verb === 'delete' ? jane[verb](path) : jane[verb](path, bodies[operationId] ?? {})
            const response = await sent.set({ 'x-request-id': 'same', ...(ifMatch && { 'if-match': ifMatch }) })
            const { date: _date, ...headers } = response.headers
            return { status: response.status, text: response.text, headers }
          }
          const nowhere = await ask(NOWHERE)
          expect(nowhere.status, operationId).toBeGreaterThanOrEqual(400)
          for (const id of hidden) expect(await ask(id), `${operationId} of ${id} with ${ifMatch}`).toEqual(nowhere)
          asked += hidden.length
        }
      }
    }
    expect(asked).toBeGreaterThan(200)
    const after = await Promise.all(articles.map(async (id) => (await editor.get(articleAt(id))).text))
    expect(after).toEqual(before)
  })
})
