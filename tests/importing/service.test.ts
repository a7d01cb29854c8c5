import { beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../src/commands/actor.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES } from '../support/builders.ts'

let app: TestApp
let desk: ReturnType<TestApp['as']>
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const give = (file: string, text: string, options: { publish?: boolean; headline?: 'derive' | 'first-line' } = {}) =>
  app.services.importing.importDocument(commandLine, file, Buffer.from(text), {
    headline: 'derive',
    publish: false,
    ...options,
  })
const results = (ends: PromiseSettledResult<{ result: string }>[]) =>
  ends.map((end) => (end.status === 'fulfilled' ? end.value.result : String(end.reason))).sort()
const counts = async () => {
  const { tables, read } = app.db
  return Promise.all(
    [
      tables.articles,
      tables.articleVersions,
      tables.headlineLists,
      tables.headlineLinks,
      tables.slugs,
      tables.editions,
    ].map((table) => read.$count(table)),
  )
}

describe('the same document given many times at once', () => {
  it('becomes one article', async () => {
    const before = await counts()
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, () => give('a.txt', 'It rained.\n\n\nA Win\nA Loss\n', { publish: true })),
    )
    expect(results(ends)).toEqual(['created', ...Array.from({ length: 9 }, () => 'unchanged')])
    expect((await counts()).map((count, at) => count - (before[at] ?? 0))).toEqual([1, 2, 1, 2, 1, 1])
  })

  it('becomes one rail where it holds headlines only', async () => {
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, () => give('trending.txt', 'Rates Rise\nIt Rains\n')),
    )
    expect(results(ends)).toEqual(['created', ...Array.from({ length: 9 }, () => 'unchanged')])
    const { body } = await app.nobody.get('/v1/rails/trending').expect(200)
    expect(body.items).toHaveLength(2)
  })
})

describe('a document with a line twice', () => {
  it('has it twice in its list too: words are not yet a story, and no line is lost', async () => {
    const imported = await give('twice.txt', 'It rained all week.\n\n\nA Win\nA Loss\nA Win\n', { publish: true })
    if (imported.kind !== 'article') throw new Error('It is no article')
    const { body } = await app.nobody.get(`/v1/articles/${imported.id}/headlines`).expect(200)
    expect(body.data.map(({ headline }: { headline: string }) => headline)).toEqual(['A Win', 'A Loss', 'A Win'])
  })
})

describe('a document that cannot become what it would have to be', () => {
  it('is refused whole: too many headlines for one list', async () => {
    const before = await counts()
    const headlines = Array.from({ length: 501 }, (_, at) => `Headline ${at}`).join('\n')
    await expect(give('many.txt', `It rained.\n\n\n${headlines}`)).rejects.toThrow(/500/)
    await expect(give('many-alone.txt', headlines)).rejects.toThrow(/500/)
    expect(await counts()).toEqual(before)
  })

  it('is refused whole: more text than an article holds', async () => {
    const before = await counts()
    await expect(give('paragraphs.txt', 'It rained.\n'.repeat(2_001))).rejects.toMatchObject({ code: 'too-large' })
    await expect(give('characters.txt', `${'x'.repeat(1_000_001)}.`)).rejects.toMatchObject({ code: 'too-large' })
    expect(await counts()).toEqual(before)
    expect(await give('paragraphs.txt', 'It rained.\n'.repeat(2_000))).toMatchObject({ paragraphs: 2_000 })
  })

  it('is refused whole: a first line that is too long for a headline', async () => {
    const before = await counts()
    const first = give('long.txt', `${'x'.repeat(301)}\nIt rained.`, { headline: 'first-line' })
    await expect(first).rejects.toMatchObject({ name: 'DocumentError', line: 1 })
    expect(await counts()).toEqual(before)
    expect(await give('fits.txt', `${'x'.repeat(300)}\nIt rained.`, { headline: 'first-line' })).toMatchObject({
      result: 'created',
    })
  })

  it('is refused: other headlines under the name of a rail that stands', async () => {
    await give('home.txt', 'Rates Rise\nIt Rains\n')
    await expect(give('home.txt', 'Rates Rise\nSnow Falls\n')).rejects.toMatchObject({ code: 'conflict' })
    const { body } = await app.nobody.get('/v1/rails/home').expect(200)
    expect(body.items.map((item: { headline: string }) => item.headline)).toEqual(['Rates Rise', 'It Rains'])
  })
})

describe('what was imported', () => {
  it('can be read and changed like all else, whatever its file was called', async () => {
    for (const file of ['.txt', `${'n'.repeat(250)}.txt`, 'Ärger.txt', 'two\nlines.txt', 'a/b.txt']) {
      const text = `Rates Rise\nIt Rains in ${file.length} Places\n`
      const outcome = await give(file, text)
      if (outcome.kind !== 'rail') throw new Error('It should be a rail')
      const { body: rail } = await desk.get(`/v1/editorial/rails/${outcome.key}`).expect(200)
      // What is shown can be sent back: nothing was stored that could not have been written.
      const { title, description, language, items, version } = rail
      await desk
        .put(`/v1/editorial/rails/${outcome.key}`, { title, description, language, items: items.map(written) }, version)
        .expect(200)
    }
  })

  it('is told apart from a document that differs by one letter, and comes back after the trash as it was', async () => {
    const one = await give('b.txt', 'It snowed.\n')
    const other = await give('b.txt', 'It snows.\n')
    if (one.kind !== 'article' || other.kind !== 'article') throw new Error('They should be articles')
    expect([one.result, other.result]).toEqual(['created', 'created'])
    expect(other.id).not.toBe(one.id)
    await desk.delete(`${ARTICLES}/${one.id}`, 1).expect(200)
    expect(await give('b.txt', 'It snowed.\n')).toMatchObject({ result: 'unchanged', id: one.id })
  })

  it('keeps where it came from when it is rewritten', async () => {
    const { body } = await desk.get(ARTICLES).expect(200)
    const article = body.data.find((each: { provenance: object | null }) => each.provenance !== null)
    const { body: after } = await desk
      .put(`${ARTICLES}/${article.id}`, { headline: 'New', bodyText: 'New.' }, article.version)
      .expect(200)
    expect(after.provenance).toEqual(article.provenance)
  })
})

const written = ({ id, headline }: { id: string; headline: string }) => ({ id, headline })
