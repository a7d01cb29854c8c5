import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type ExportFormat, type ExportSettings, exportFormats, writeExport, writeFiles } from '../exporting/outputs.ts'
import type { ExportingService } from '../exporting/service.ts'
import { exportSettingsOf } from '../site.ts'
import { progressOf } from './progress.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npx dateline export [--format ndjson|wxr|ninjs] [--audit] [--force] FILE
       npx dateline export --format markdown FOLDER
  Writes everything as it is at this instant, also while a server runs. "-" is standard output.
  --format ndjson    all of it: versions, editions, links, rails, fronts, terms, redirects, the log; "npx dateline load" puts it back
  --format wxr       a WordPress export        --format ninjs     what readers have, an item a line
  --format markdown  a folder of files that Hugo builds; on standard output a tar of them
  --audit            with the record of who did what (ndjson)
  --force            over a file that is there, or into a folder that is not empty`

const options = {
  format: { type: 'string', default: 'ndjson' },
  audit: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
} as const

/** Exports everything. The file has its name only when it is whole. */
export async function exportArchive(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, usage)
  const [path] = positionals
  const { format, audit: withAudit } = values
  if (path === undefined || positionals.length > 1) throw new CommandError(usage)
  if (!Object.hasOwn(exportFormats, format))
    throw new CommandError(`--format must be ndjson, wxr, ninjs or markdown\n${usage}`)
  if (path !== '-' && !values.force) await refuseTaken(path)
  const work = async ({ exporting }: { exporting: ExportingService }, config: Config) => {
    const settings = { ...exportSettingsOf(config), withAudit }
    if (format === 'markdown' && path !== '-') {
      const many = await toFolder(exporting, settings, path)
      process.stdout.write(`${path}: ${many} articles\n`)
      return 0
    }
    const write = (to: (part: string | Uint8Array) => Promise<void>) =>
      writeExport(exporting, format as ExportFormat, settings, to)
    if (path === '-') await write(toOutput)
    else {
      const many = await toFile(path, write)
      process.stdout.write(`${path}: ${many} lines, ${(await stat(path)).size} bytes\n`)
    }
    return 0
  }
  return withServices(work, { mustExist: true })
}

/** Refuses to write over what is there. */
async function refuseTaken(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || (there.isDirectory() && (await readdir(path)).length === 0)) return
  throw new CommandError(`${path} is there already: name another one, or give --force`)
}

const toOutput = (part: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(part, (error) => (error ? reject(error) : resolve())))

/** So much is put together before it is written. */
const CHUNK = 262_144

type Write = (part: string | Uint8Array) => Promise<void>
/** Writes a file by parts, and answers of how many. */
async function toFile(path: string, work: (write: Write) => Promise<void>): Promise<number> {
  const part = `${path}.part`
  const progress = progressOf(0, 'lines')
  let many = 0
  const file = await open(part, 'w', 0o600)
  let waiting: Uint8Array[] = []
  let length = 0
  const flush = async () => {
    await file.writeFile(Buffer.concat(waiting))
    waiting = []
    length = 0
  }
  try {
    await work(async (part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      waiting.push(bytes)
      length += bytes.length
      many++
      progress.count(1)
      if (length > CHUNK) await flush()
    })
    await flush()
    await file.sync()
    await rename(part, path)
    return many
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    progress.stop()
    await file.close()
  }
}

async function toFolder(exporting: ExportingService, settings: ExportSettings, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true })
  const progress = progressOf(0, 'articles')
  let many = 0
  try {
    await writeFiles(exporting, settings, async (name, text) => {
      await writeFile(join(folder, name), text)
      many++
      progress.count(1)
    })
  } finally {
    progress.stop()
  }
  return many
}
