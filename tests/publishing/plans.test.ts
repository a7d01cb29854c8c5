import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { articleAt, draft } from '../support/builders.ts'
import { planOf } from '../support/sql.ts'
import { sentTo } from '../support/statements.ts'

/** What of a plan grows with the newsroom: a walk through a table (but that of one row), or through the lists of all articles. */
const WALKS = /^SCAN (?!taxonomy|json_each)|headline_lists_key_key \(key=/m

it('publishing looks at no lists but those that have a link to the story, and at no terms but its own', async () => {
  const app = await startApp()
  const desk = await app.withRole('editor')
  const tags = [{ name: 'Ferries' }, { name: 'Tides' }]
  const { id, version } = await draft(desk, { section: { name: 'Harbour' }, tags, authors: [{ name: 'Ada North' }] })
  const sent = await sentTo(app.url, async () => desk.change(`${articleAt(id)}/publish`, version).expect(200))
  const asked = sent.filter(({ text }) => /^\s*(?:select|update|delete)/i.test(text))
  expect(asked.map(({ text }) => text).join('\n')).toMatch(
    /target_article_id[\s\S]*term_slugs|term_slugs[\s\S]*target_article_id/,
  )
  for (const each of asked) expect(await planOf(app.url, each), each.text).not.toMatch(WALKS)
})
