import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ArticleVersion, VersionDiff } from '../../src/articles/history-schema.ts'
import { startApp } from '../support/app.ts'
import { articleAt, draft } from '../support/builders.ts'
import { runs } from '../support/rounds.ts'
import { applyDiff } from './apply-diff.ts'

const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values))
const paragraphs = fc
  .array(fc.constantFrom('One.', 'Two.', 'Three.', 'Four.'), { maxLength: 5 })
  .map((texts) => texts.join('\n\n'))
const edit = fc.record(
  {
    kicker: maybe('A', 'B'),
    headline: fc.constantFrom('One Story', 'Another Story'),
    tags: fc.subarray([{ name: 'Ferries' }, { name: 'Islands' }]),
    section: fc.option(fc.constant({ name: 'Transport' })),
    bodyText: paragraphs,
  },
  { requiredKeys: [] },
)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit' as const), edit }) },
  fc.record({ kind: fc.constant('restore' as const), of: fc.nat() }),
  fc.record({ kind: fc.constantFrom('publish' as const, 'withdraw' as const, 'delete' as const) }),
)

it('after any writes every earlier version reads as it did, and the way between any two leads there', async () => {
  const app = await startApp()
  const desk = await app.withRole('editor')
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      async (steps, picks) => {
        const { id } = await draft(desk)
        const read = async (n: number): Promise<ArticleVersion> =>
          (await desk.get(`${articleAt(id)}/versions/${n}`).expect(200)).body
        const history = [await read(1)]
        for (const each of steps) {
          const version = history.length
          const { status } =
            each.kind === 'edit'
              ? await desk.patch(articleAt(id), each.edit, version)
              : each.kind === 'delete'
                ? await desk.delete(articleAt(id), version)
                : await desk.change(
                    each.kind === 'restore'
                      ? `${articleAt(id)}/versions/${(each.of % version) + 1}/restore`
                      : `${articleAt(id)}/${each.kind}`,
                    version,
                  )
          if (status === 200) history.push(await read(version + 1))
          else expect(status).toBe(409)
          // The slug may have moved; all else is what it was.
          if (status === 200 && each.kind === 'restore') {
            const { slug: _now, ...now } = history[version]?.content ?? { slug: '' }
            const { slug: _then, ...then } = history[each.of % version]?.content ?? { slug: '' }
            expect(now).toEqual(then)
          }
        }
        for (const [at, known] of history.entries()) expect(await read(at + 1)).toEqual(known)
        for (const [at, pick] of picks.entries()) {
          const [a, b] = [pick % history.length, (picks[at - 1] ?? 0) % history.length]
          const path = `${articleAt(id)}/versions/${a + 1}/diff/${b + 1}`
          const diff: VersionDiff = (await desk.get(path).expect(200)).body
          const [before, after] = [history[a]?.content, history[b]?.content]
          // The answer's type leaves out of terms what the stored form has; the text is the same.
          expect(applyDiff(diff, before as never)).toEqual(after)
        }
      },
    ),
    runs(8),
  )
})
