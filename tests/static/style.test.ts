import { isBuiltin } from 'node:module'
import { expect, it } from 'vitest'
import { filesIn, findings, sources, textOf } from '../support/sources.ts'

const about = JSON.parse(textOf('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>

it('no file is longer than 300 lines without a reason at its top', () => {
  const linesOf = (path: string) => textOf(path).split('\n').length - 1
  const tooLong = (paths: string[], most: number) =>
    paths
      .filter((path) => linesOf(path) > most && !/^\/\/ .*lines/.test(textOf(path)))
      .map((path) => `${path}: ${linesOf(path)}`)
  expect(tooLong(filesIn('src'), 300)).toEqual([])
})

it('nothing is left undone, and no check is switched off', () => {
  // Put together, so that this file is not found.
  const undone = new RegExp(['TO' + 'DO', 'FIX' + 'ME'].map((word) => `\\b${word}\\b`).join('|'))
  const off = new RegExp(['\\bas ' + 'any(?=[^ \\w]|$)', '@ts' + '-', 'biome' + '-ignore-all'].join('|'), 'm')
  const files = [...filesIn('src'), ...filesIn('tests'), 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
  expect(files.filter((path) => undone.test(textOf(path)) || off.test(textOf(path)))).toEqual([])
  expect(findings(/biome-ignore|: any\b|<any>/g)).toEqual([])
  expect(sources.filter(({ text }) => text.includes('biome-ignore')).map(({ path }) => path)).toEqual([])
})

it('no test is left out and none runs alone', () => {
  const left = new RegExp(`\\b(it|test|describe)\\.(on${'ly'}|sk${'ip'}|to${'do'})\\b`)
  expect(filesIn('tests').filter((path) => left.test(textOf(path)))).toEqual([])
})

it('every package has one exact version, and the lock file knows it', () => {
  const wanted = { ...about.dependencies, ...about.devDependencies }
  const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  expect(loose).toEqual([])
  const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { version?: string }> }
  const locked = Object.fromEntries(
    Object.keys(wanted).map((name) => [name, lock.packages[`node_modules/${name}`]?.version]),
  )
  expect(locked).toEqual(wanted)
})

it('what the program imports is a dependency, and every dependency is imported', () => {
  const nameOf = (path: string) =>
    path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/')
  const packages = sources.flatMap(({ path, text, imports }) =>
    imports
      .filter((each) => !each.startsWith('src/') && !isBuiltin(each) && each !== 'package.json')
      .map((each) => ({ path, name: nameOf(each), isType: new RegExp(`import type [^;]*?from '${each}'`).test(text) })),
  )
  const missing = packages.filter(
    ({ name, isType }) => !(name in about.dependencies) && !(isType && `@types/${name}` in about.devDependencies),
  )
  expect(missing.map(({ path, name }) => `${path} -> ${name}`)).toEqual([])
  const used = new Set(packages.map(({ name }) => name))
  expect(Object.keys(about.dependencies).filter((name) => !used.has(name))).toEqual([])
})
