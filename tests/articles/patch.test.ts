import { beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { articleAt, type Desk, draft } from '../support/builders.ts'

let desk: Desk
beforeAll(async () => {
  desk = await (await startApp()).withRole('editor')
})

const image = { url: 'https://images.example/a.jpg', alt: 'A bridge', caption: 'The bridge', width: 800 }

/** A patch in raw JSON, for members that JavaScript would not write. */
const patchRaw = (id: string, version: number, raw: string) =>
  desk.raw('patch', articleAt(id), raw, { 'if-match': `"${version}"`, 'content-type': 'application/merge-patch+json' })

describe('patching an article', () => {
  it('changes what is named and nothing else', async () => {
    const before = await draft(desk, { kicker: 'Rail', notes: 'Ask again', tags: [{ name: 'Rail' }], image })
    const { body: after } = await desk.patch(articleAt(before.id), { headline: 'A New One' }, 1).expect(200)
    const { updatedAt, ...rest } = before
    expect(after).toMatchObject({ ...rest, headline: 'A New One', version: 2 })
    expect(after.updatedAt > updatedAt).toBe(true)
  })

  it('empties a field with null, and puts a list in place of a list', async () => {
    const { id } = await draft(desk, {
      kicker: 'Rail',
      section: { name: 'World' },
      tags: [{ name: 'A' }, { name: 'B' }],
    })
    const patch = { kicker: null, section: null, tags: [{ name: 'C' }], alternativeHeadline: null }
    const { body } = await desk.patch(articleAt(id), patch, 1).expect(200)
    expect(body).toMatchObject({ kicker: null, section: null, tags: [{ slug: 'c', name: 'C' }] })
  })

  it('goes into nested objects, member by member', async () => {
    const { id } = await draft(desk, { image })
    const { body } = await desk.patch(articleAt(id), { image: { alt: 'Two bridges', caption: null } }, 1).expect(200)
    expect(body.image).toEqual({ url: image.url, alt: 'Two bridges', width: 800 })
  })

  it('takes a new text in any form, and keeps the one there is without it', async () => {
    const before = await draft(desk, { bodyText: 'The old text.' })
    const { body: kept } = await desk.patch(articleAt(before.id), { kicker: 'New' }, 1).expect(200)
    expect(kept.body).toEqual(before.body)
    const { body: after } = await desk.patch(articleAt(before.id), { bodyMarkdown: '**New** text.' }, 2).expect(200)
    expect(JSON.stringify(after.body)).not.toContain('old')
    expect(JSON.stringify(after.body)).toContain('strong')
    const twoForms = await desk.patch(articleAt(before.id), { bodyText: 'a', bodyHtml: 'a' }, 3).expect(422)
    expect(twoForms.body.errors).toMatchObject([{ pointer: '#/body' }])
  })

  it('is understood as plain JSON too, and only as an object', async () => {
    const { id } = await draft(desk)
    await desk.patch(articleAt(id), { kicker: 'Plain' }, 1).set('content-type', 'application/json').expect(200)
    for (const raw of ['[]', 'null', '"x"', '5', '[{"op":"remove","path":"/headline"}]'])
      await patchRaw(id, 2, raw).expect(422)
    const refused = await patchRaw(id, 2, '[]').expect(422)
    expect(refused.body.detail).toContain('application/json-patch+json')
    expect((await desk.get(articleAt(id))).headers.etag).toBe('"2"')
  })

  it('of nothing is a version like any other write', async () => {
    const before = await draft(desk)
    const { body } = await desk.patch(articleAt(before.id), {}, 1).expect(200)
    expect(body).toEqual({ ...before, version: 2, updatedAt: body.updatedAt })
  })
})

describe('a patch is refused', () => {
  it('with a hint where a field is misspelt', async () => {
    const { id } = await draft(desk, { image })
    const { body } = await desk.patch(articleAt(id), { headlin: 'x', image: { captoin: 'y' } }, 1).expect(422)
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '#/headlin', code: 'unknown-field', didYouMean: 'headline' }),
        expect.objectContaining({ pointer: '#/image/captoin', code: 'unknown-field', didYouMean: 'caption' }),
      ]),
    )
  })

  it.each([
    ['id', '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'],
    ['version', 9],
    ['state', 'live'],
    ['edition', 4],
    ['createdAt', '2020-01-01T00:00:00.000Z'],
    ['updatedBy', { id: 'x', name: 'Somebody else' }],
    ['publishedAt', '2020-01-01T00:00:00.000Z'],
    ['provenance', { kind: 'document' }],
    ['publish', true],
  ])('where it would set %s, which is not for the desk to set', async (field, value) => {
    const before = await draft(desk)
    const { body } = await desk.patch(articleAt(before.id), { [field]: value }, 1).expect(422)
    expect(body.errors).toMatchObject([{ pointer: `#/${field}`, code: 'unknown-field' }])
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })

  it.each(['headline', 'language-of-nobody'])(
    'where it takes away or breaks what an article needs (%s)',
    async (what) => {
      const { id } = await draft(desk)
      const patch = what === 'headline' ? { headline: null } : { language: 'english, mostly' }
      const { body } = await desk.patch(articleAt(id), patch, 1).expect(422)
      expect(body.errors).toMatchObject([{ pointer: what === 'headline' ? '#/headline' : '#/language' }])
    },
  )
})

describe('the names that JavaScript objects have by birth', () => {
  it.each([
    '{"__proto__":{"headline":"Polluted","isPolluted":true}}',
    '{"constructor":{"prototype":{"isPolluted":true}}}',
    '{"image":{"__proto__":{"isPolluted":true}}}',
    '{"image":{"constructor":{"prototype":{"isPolluted":true}}}}',
    '{"toString":"x","hasOwnProperty":null,"valueOf":{}}',
  ])('do no harm in %s', async (raw) => {
    const before = await draft(desk, { image })
    const response = await patchRaw(before.id, 1, raw)
    expect(raw.includes('__proto__') ? [400] : [200, 422]).toContain(response.status)
    expect(({} as Record<string, unknown>).isPolluted).toBeUndefined()
    const { body: now } = await desk.get(articleAt(before.id)).expect(200)
    expect(now).toMatchObject({ headline: before.headline, image })
    expect(JSON.stringify(now)).not.toContain('olluted')
  })
})
