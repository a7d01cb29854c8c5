import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { databaseFile, sayUnreadable } from '../db/files.ts'
import { type Examined, type Finding, isSound } from '../upkeep/service.ts'
import { examine, tellingFaults } from './copying.ts'
import { settingsOf } from './session.ts'
import { parseCommand } from './usage.ts'

const usage = `Usage: npx dateline doctor [--json]
  Looks whether everything in the database fits together. Changes nothing; works while the server runs.
  Exit code 0: all is well, 1: something is wrong, or the database could not be looked at.`

export async function doctor(args: string[]): Promise<number> {
  const options = { json: { type: 'boolean', default: false } } as const
  const { values } = parseCommand({ args, options }, usage)
  const { DATABASE_URL: url } = settingsOf()
  const file = url.startsWith('file:') ? databaseFile(url) : undefined
  if (file !== undefined && !existsSync(file)) {
    process.stderr.write(`There is no database ${file} (in ${dirname(resolve(file))})\n`)
    return 1
  }
  return tellingFaults(async () => {
    const examined = await examine(url).catch((error: unknown) =>
      file === undefined ? Promise.reject(error) : sayUnreadable(file, error),
    )
    process.stdout.write(values.json ? `${JSON.stringify(examined)}\n` : textOf(examined))
    return isSound(examined) ? 0 : 1
  })
}

function textOf({ rows, findings, isCut }: Examined): string {
  const looked = Object.entries(rows).map(([name, many]) => `${many} ${name}`)
  const end = isCut ? 'The rest was not looked at.\n' : `Looked at ${looked.join(', ')}.\n`
  return findings.map(shown).join('') + end
}

const shown = ({ kind, says, faults, isMore, advice }: Finding): string => {
  if (faults.length === 0) return `ok     ${says}\n`
  const lines = faults.map(({ id, what }) => `       ${id} ${what}\n`).join('')
  return `WRONG  ${says} (${kind})\n${lines}${isMore ? '       and more\n' : ''}       ${advice}\n`
}
