import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let admin: Desk
let editor: Desk
beforeAll(async () => {
  app = await startApp()
  admin = await app.withRole('admin')
  editor = await app.withRole('editor')
})
const CHANGES = '/v1/editorial/changes'
const page = async (desk: Desk, query = '') => (await desk.get(`${CHANGES}?limit=100${query}`).expect(200)).body
const kindsOf = ({ data }: { data: { kind: string }[] }) => data.map(({ kind }) => kind)

describe('the log of the desk', () => {
  it('tells every write in the order of commits, with numbers that have no gap, and what readers see of it', async () => {
    const { page: place } = await page(admin)
    const { id } = await draft(editor, { headline: 'Told to the desk', slug: 'told-to-the-desk' })
    await editor.patch(articleAt(id), { kicker: 'New' }, '*').expect(200)
    await editor.change(`${articleAt(id)}/publish`, '*').expect(200)
    const told = await page(admin, `&after=${place.next}`)
    expect(kindsOf(told)).toEqual([
      'desk.createArticle',
      'desk.patchArticle',
      'article.published',
      'desk.publishArticle',
    ])
    expect(told.data[1]).toMatchObject({
      subject: { kind: 'article', id },
      changed: ['kicker'],
      version: 2,
    })
    expect(told.data[2]).toMatchObject({ slug: 'told-to-the-desk', headline: 'Told to the desk' })
    expect(told.data[2].tags).toContain('articles')
    const numbers = (await page(admin)).data.map(({ seq }: { seq: number }) => seq)
    expect(numbers).toEqual(numbers.map((_: number, n: number) => n + 1))
  })

  it('tells nothing of what was refused or only tried', async () => {
    const { page: place } = await page(admin)
    const { id } = await draft(editor)
    const before = (await page(admin, `&after=${place.next}`)).page
    await editor.patch(articleAt(id), { kicker: 'Late' }, 7).expect(412)
    await editor.patch(`${articleAt(id)}?dryRun=true`, { kicker: 'Tried' }, '*').expect(200)
    expect((await page(admin, `&after=${before.next}`)).data).toEqual([])
  })

  it('is for who may read all articles; keys and webhooks are shown to administrators only', async () => {
    const { page: place } = await page(admin)
    await admin.post('/v1/editorial/keys', { name: 'New', role: 'reader' }).expect(201)
    await published(editor)
    const seen = await page(editor, `&after=${place.next}`)
    expect(kindsOf(seen)).toContain('desk.createArticle')
    expect(JSON.stringify(seen)).not.toMatch(/key/i)
    expect(kindsOf(await page(admin, `&after=${place.next}`))).toContain('desk.createKey')
    for (const role of ['reader', 'partner', 'contributor'] as const)
      await (await app.withRole(role)).get(CHANGES).expect(403)
    await app.nobody.get(CHANGES).expect(401)
  })

  it('waits where it is asked to, refuses places of readers, and hears no revoked key', async () => {
    const { page: place } = await page(admin)
    const waiting = editor.get(`${CHANGES}?after=${place.next}&wait=10`).expect(200)
    const [{ body }] = await Promise.all([waiting, draft(editor)])
    expect(kindsOf(body)).toEqual(['desk.createArticle'])
    const { next } = (await app.nobody.get('/v1/changes')).body.page
    await admin.get(`${CHANGES}?after=${next}`).expect(400)
    await admin.get(`${CHANGES}?after=${Buffer.from('desk:99999').toString('base64url')}`).expect(400)
    const { id, key } = (await admin.post('/v1/editorial/keys', { name: 'Short', role: 'editor' })).body
    const revoked = app.as(key).get(`${CHANGES}?after=${body.page.next}&wait=5`).expect(401)
    const later = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      await admin.delete(`/v1/editorial/keys/${id}`).expect(200)
      await draft(editor)
    }
    await Promise.all([revoked, later()])
  })

  it('forgets what an article was called that is erased', async () => {
    const { id } = await published(editor, { headline: 'To be erased', slug: 'to-be-erased' })
    expect(JSON.stringify(await page(admin))).toContain('To be erased')
    await admin.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await admin.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204)
    const all = JSON.stringify(await page(admin))
    expect(all).not.toMatch(/to.be.erased/i)
    expect(all).toContain('article.erased')
  })
})
