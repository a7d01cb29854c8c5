import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { buildApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { migrateDatabase, openDatabase } from '../db/open.ts'
import { systemClock } from '../shared/clock.ts'
import { newId } from '../shared/ids.ts'
import { CommandError } from './usage.ts'

const folder = fileURLToPath(new URL('../../openapi/', import.meta.url))

/** Writes the OpenAPI documents as the routes make them. A test compares the committed ones with that. */
export async function openapi(args: string[]): Promise<number> {
  if (args.length > 0) throw new CommandError('Usage: npm run openapi')
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(await makeDocuments())) {
    await writeFile(folder + name, text)
    process.stdout.write(`openapi/${name}\n`)
  }
  return 0
}

/** The documents by file name, made with the standard settings; the database is an empty one that is thrown away. */
export async function makeDocuments(): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-openapi-'))
  const url = `file:${join(folder, 'empty.db')}`
  await migrateDatabase(url)
  const db = await openDatabase({ url, connectionsMax: 1, statementTimeoutMs: 1_000 }, () => undefined)
  const logger = pino({ level: 'silent' })
  const { app, documents } = buildApp({ config: readConfig({}), db, clock: systemClock, ids: newId, logger })
  try {
    await app.ready()
    return Object.fromEntries(
      Object.entries(documents).map(([name, make]) => [`${name}.json`, `${JSON.stringify(make(), null, 2)}\n`]),
    )
  } finally {
    await app.close()
    await db.close()
    await rm(folder, { recursive: true })
  }
}
