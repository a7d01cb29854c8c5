import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** One file of the program, by its path from the root: `src/articles/service.ts`. */
export interface Source {
  path: string
  /** The folder under src, or '' for the files beside them. */
  folder: string
  /** Without folders and the ending: `service`. */
  name: string
  text: string
  /** The text without its comments. */
  code: string
  /** What it imports: paths from the root for files of ours, names for packages. */
  imports: string[]
}

export const filesIn = (folder: string, ending = '.ts'): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort()

export const sources: Source[] = filesIn('src').map((path) => {
  const text = textOf(path)
  const [, folder = '', name = ''] = /^src\/(?:([^/]+)\/(?:[^/]+\/)*)?([^/]+)\.ts$/.exec(path) ?? []
  const statements = /^(?:import|export)\b[^'";=]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  const imports = [...text.matchAll(statements)].map(([, from, bare, lazy]) => {
    const to = from ?? bare ?? lazy ?? ''
    return to.startsWith('.') ? join(dirname(path), to) : to
  })
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
  return { path, folder, name, text, code, imports }
})

/** Where `pattern` stands in the code of the program, as `path: match`, but for the files of `but`. */
export const findings = (pattern: RegExp, but: (source: Source) => boolean = () => false): string[] =>
  sources
    .filter((source) => !but(source))
    .flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([match]) => `${path}: ${match}`))
