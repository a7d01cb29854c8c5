import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { auditRows } from '../support/audit.ts'
import { ARTICLES, articleAt, links } from '../support/builders.ts'

/** Stands in everything that an article and what is done to it can say. */
const CANARY = 'zyxcanary'

it('no row of the audit holds a word of what was written, nor of a key, when it is written and when it is erased', async () => {
  const app = await startApp()
  const admin = await app.withRole('admin')
  const text = `${CANARY} text`
  const named = { slug: CANARY, name: text }
  const url = `https://example.org/${CANARY}`
  const fields = {
    ...{ headline: text, slug: CANARY, alternativeHeadline: text, kicker: text, standfirst: text, byline: text },
    ...{ dateline: text, section: named, tags: [named], authors: [{ ...named, url }], image: { url, alt: text } },
    ...{ source: { name: text, url }, canonicalUrl: url, externalId: text, notes: text, changeNote: text },
    bodyText: text,
  }
  const { id } = (await admin.post(ARTICLES, fields).expect(201)).body
  const at = articleAt(id)
  const note = { note: text }
  await admin.patch(at, { headline: `${CANARY} two`, changeNote: text }, 1).expect(200)
  await admin.change(`${at}/versions/1/restore`, 2, note).expect(200)
  await admin.change(`${at}/publish`, 3, { kind: 'correction', text, note: text }).expect(200)
  await links(admin, id, [{ headline: text, kicker: text, label: text, note: text, target: { kind: 'url', url } }], 0)
  const editor = await app.withRole('editor')
  await editor.put(`${at}/lock`, {}).expect(200)
  await admin.put(`${at}/lock`, { breakReason: text }).expect(200)
  await admin.delete(`${at}/lock?reason=${CANARY}`).expect(200)
  await admin.change(`${at}/withdraw`, 4, note).expect(200)
  await admin.patch(at, { [CANARY]: text }, 5).expect(422)
  await admin.post(`/v1/editorial/rails?${CANARY}=${CANARY}`, { key: 'top', title: 'Top' }).expect(400)
  await app.as(`dl_live_${CANARY}`).get(`/v1/articles/${CANARY}?body=${CANARY}`).expect(401)
  await admin.change(`${at}/kill`, 5, { reason: 'legal', note: text }).expect(200)
  const made = (await admin.post('/v1/editorial/keys', { name: 'Partner', role: 'partner' }).expect(201)).body
  await app.nobody.get('/v1/me').set('authorization', `Bearer dl_live_${CANARY}`).set('x-request-id', made.key)
  const rows = async () => JSON.stringify(await auditRows(app))
  expect((await auditRows(app)).length).toBeGreaterThan(12)
  expect(await rows()).not.toContain(CANARY)
  await admin.change(`${at}/erase`, 6, { confirm: id }).expect(204)
  for (const secret of [CANARY, made.key, made.key.slice(-10), admin.key ?? '', made.hint]) {
    expect(await rows()).not.toContain(secret)
  }
  expect(await rows()).toContain(id)
})
