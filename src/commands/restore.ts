import { existsSync, statSync } from 'node:fs'
import { databaseFile, FileFault, isSameFile } from '../db/files.ts'
import { migrateDatabase } from '../db/open.ts'
import { replaceDatabase } from '../db/replacing.ts'
import { systemClock } from '../shared/clock.ts'
import { tellingFaults } from './copying.ts'
import { settingsOf } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npx dateline restore FILE
  Puts a backup in the place of the database, which is kept beside it. The server must not run.`

export async function restore(args: string[]): Promise<number> {
  const { positionals } = parseCommand({ args, options: {}, allowPositionals: true }, usage)
  const [path] = positionals
  if (path === undefined || positionals.length > 1) throw new CommandError(usage)
  return tellingFaults(async () => {
    const { DATABASE_URL } = settingsOf()
    const file = databaseFile(DATABASE_URL)
    if (!existsSync(path)) throw new FileFault(`There is no file ${path}`)
    if (statSync(path).isDirectory()) throw new FileFault(`${path} is a folder`)
    if (isSameFile(path, file)) throw new FileFault(`${path} is the database itself`)
    if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)
      throw new FileFault(`${path} has a log beside it: it is no backup, but a database in use`)
    const aside = `${file}.before-${systemClock.now().replaceAll(/[:.]/g, '')}`
    const wasThere = existsSync(file)
    replaceDatabase(path, file, aside)
    await migrateDatabase(DATABASE_URL)
    process.stdout.write(`${file} is the backup now${wasThere ? `; what was there before is ${aside}` : ''}\n`)
    return 0
  })
}
