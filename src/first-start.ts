import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { commandLine } from './commands/actor.ts'
import type { Config } from './config.ts'
import type { buildServices } from './services.ts'

const seedsFolder = fileURLToPath(new URL('../seeds/', import.meta.url))

/**
 * What an empty installation begins with outside production: the source document, published, and an admin key. Answers
 * the slug and the key that were made; nothing where there was something before, or another server was first. The key
 * comes last, so that a first start that was interrupted is done again.
 */
export async function prepareFirstStart(
  { access, articles, importing }: ReturnType<typeof buildServices>,
  config: Config,
): Promise<{ article?: string; key?: string }> {
  if (config.NODE_ENV !== 'development' || !(await access.isEmpty())) return {}
  let article: string | undefined
  const files = (await articles.isEmpty()) ? await readdir(seedsFolder) : []
  for (const file of files.filter((name) => name.endsWith('.txt')).sort()) {
    const bytes = await readFile(seedsFolder + file)
    const outcome = await importing.importDocument(commandLine, file, bytes, { headline: 'derive', publish: true })
    if (outcome.kind === 'article') article = (await articles.get(commandLine, outcome.id)).slug
  }
  const key = await access.createFirst()
  return { ...(key !== undefined && { key }), ...(article !== undefined && { article }) }
}
