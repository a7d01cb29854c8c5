import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { buildServices } from './app.ts'
import { commandLine } from './commands/actor.ts'
import type { Config } from './config.ts'

const seedsFolder = fileURLToPath(new URL('../seeds/', import.meta.url))

/**
 * What an empty installation begins with outside production: an admin key, and the source document, published. Answers
 * the slug and the key that were made; nothing where there was something before.
 */
export async function prepareFirstStart(
  { access, articles, importing }: ReturnType<typeof buildServices>,
  config: Config,
): Promise<{ article?: string; key?: string }> {
  if (config.NODE_ENV !== 'development' || !(await access.isEmpty())) return {}
  const made = await access.create('First administrator', 'admin')
  if (!(await articles.isEmpty())) return { key: made.key }
  let article: string | undefined
  for (const file of (await readdir(seedsFolder)).filter((name) => name.endsWith('.txt')).sort()) {
    const bytes = await readFile(seedsFolder + file)
    const outcome = await importing.importDocument(commandLine, file, bytes, { headline: 'derive', publish: true })
    if (outcome.kind === 'article') article = (await articles.get(commandLine, outcome.id)).slug
  }
  return { key: made.key, ...(article !== undefined && { article }) }
}
