import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { settings } from '../../src/config.ts'
import { problemPages } from '../../src/http/problem-pages.ts'
import { problems } from '../../src/shared/problem.ts'
import { filesIn, root, sources, textOf } from '../support/sources.ts'

const readme = textOf('README.md')
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']

it('README.md has a row for every setting, with its standard, and for no other', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, name = '', standard = '']) => [
    name,
    standard,
  ])
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(settings.shape).sort())
  expect(rows.length).toBeGreaterThan(10)
  const standards: Record<string, unknown> = settings.parse({})
  for (const [name = '', standard] of rows) {
    const value = standards[name]
    if (typeof value === 'string' || typeof value === 'number') expect([name, standard]).toEqual([name, `\`${value}\``])
  }
})

it('every code of a problem has a page, and every page a code', () => {
  expect(Object.keys(problemPages).sort()).toEqual(Object.keys(problems).sort())
  for (const code of Object.keys(problems)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  for (const { meaning, remedy } of Object.values(problemPages))
    expect(Math.min(meaning.length, remedy.length)).toBeGreaterThan(20)
})

it('every code of a problem is used', () => {
  const code = sources
    .filter(({ path }) => !/problem(-pages)?\.ts$/.test(path))
    .map((source) => source.code)
    .join('\n')
  expect(Object.keys(problems).filter((each) => !code.includes(`'${each}'`))).toEqual([])
})

it.each(pages)('the files and folders that %s names exist', (page) => {
  const text = textOf(page)
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)
  const bare = [...text.matchAll(/(?:^|[\s(])((?:src|tests|migrations|openapi|seeds)\/[\w./{},-]*[\w}])/gm)].map(
    ([, word = '']) => word,
  )
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, word = '']) => word)
  const isPath = (word: string) =>
    /^[\w.@-]+(\/[\w.{},@-]+)+\/?$/.test(word) && /^(src|tests|migrations|openapi|seeds|\.ci|\.github)\//.test(word)
  const paths = [...quoted.filter(isPath), ...bare, ...linked].flatMap(expanded)
  if (page === 'ARCHITECTURE.md') expect(paths.length).toBeGreaterThan(10)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

/** `migrations/{sqlite,postgres}` is two folders. */
function expanded(path: string): string[] {
  const [all, choices] = /\{([^}]*)\}/.exec(path) ?? []
  return all === undefined ? [path] : (choices ?? '').split(',').map((each) => path.replace(all, each))
}

it('the commands that the pages name exist', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\bnpm run (?:--silent )?([a-z:]+)/g)].map(([, name = '']) => name),
  )
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

it('the folders of ARCHITECTURE.md are those of src', () => {
  const folders = [...new Set(sources.map(({ folder }) => folder))].filter(
    (folder) => folder !== '' && folder !== 'commands',
  )
  const page = textOf('ARCHITECTURE.md')
  expect(folders.filter((folder) => !page.includes(`src/${folder}`))).toEqual([])
  expect(filesIn('migrations', '.sql').length).toBeGreaterThan(1)
})
