// A node that does nothing but send webhooks, to be killed at any point. Its clock is ahead by as much as it is told, so
// that what the one before had claimed is free again.

import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'
import { buildServices } from '../../src/services.ts'
import { newId } from '../../src/shared/ids.ts'

// Loading takes most of the time of a start: it is over before this one's turn comes.
process.stdout.write('loaded\n')
await new Promise((begin) => process.stdin.once('data', begin))
process.stdin.destroy()

const ahead = Number(process.argv[2])
const config = readConfig(process.env)
const db = await openDatabase({ url: config.DATABASE_URL, connectionsMax: 3, statementTimeoutMs: 10_000 }, () => {})
const clock = { now: () => new Date(Date.now() + ahead).toISOString() }
const { sender } = buildServices({ config, db, clock, ids: newId })
sender.start(20, (error) => process.stderr.write(`${error}\n`))
process.stdout.write('sending\n')
