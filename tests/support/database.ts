import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { migrateDatabase } from '../../src/db/open.ts'

export const engine = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite'

export interface TestDatabase {
  url: string
  drop: () => Promise<void>
}

/** A fresh database with the present schema, on the engine of this run. It is copied from one that was migrated once. */
export const freshDatabase = (): Promise<TestDatabase> => (engine === 'postgres' ? freshPostgres() : freshSqlite())

/** A fresh database without any table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  if (engine === 'postgres') return createPostgres('')
  const folder = mkdtempSync(join(place(), 'dateline-test-'))
  return { url: `file:${join(folder, 'test.db')}`, drop: async () => rmSync(folder, { recursive: true }) }
}

/**
 * A folder in memory where the machine has one with room: each transaction of SQLite waits for the disk, a third of the
 * time of many a test. The end of a process, by kill -9 too, loses nothing of it, and no test pulls the plug.
 */
function place(): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 2 ** 30 ? memory : tmpdir()
}

async function freshSqlite(): Promise<TestDatabase> {
  const templateFile = join(inject('templateFolder'), `${process.pid}.db`)
  if (!existsSync(templateFile)) {
    await migrateDatabase(`file:${templateFile}`)
  }
  const database = await emptyDatabase()
  copyFileSync(templateFile, database.url.slice('file:'.length))
  return database
}

const template = `template_${process.pid}`
let isTemplateMade = false

async function freshPostgres(): Promise<TestDatabase> {
  if (!isTemplateMade) {
    await administer(`create database ${template}`)
    await migrateDatabase(`${inject('postgresUrl')}/${template}`)
    isTemplateMade = true
  }
  return createPostgres(`template ${template} strategy file_copy`)
}

async function createPostgres(from: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name} ${from}`)
  return {
    url: `${inject('postgresUrl')}/${name}`,
    drop: () => administer(`drop database ${name} with (force)`),
  }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
