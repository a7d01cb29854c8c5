import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExportFormat, type ExportSettings, exportFormats, writeExport, writeFiles } from '../exporting/outputs.ts'
import type { ExportingService } from '../exporting/service.ts'
import { exportSettingsOf } from '../site.ts'
import { progressOf } from './progress.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npx dateline export [--format ndjson|wxr|ninjs] [--audit] FILE
       npx dateline export --format markdown FOLDER
  Writes everything as it is at this instant, also while a server runs. "-" is standard output.
  --format ndjson    all of it: versions, editions, links, rails, fronts, terms, redirects, the log; "npx dateline load" puts it back
  --format wxr       a WordPress export        --format ninjs     what readers have, an item a line
  --format markdown  a folder of files that Hugo builds; on standard output a tar of them
  --audit            with the record of who did what (ndjson)`

const options = {
  format: { type: 'string', default: 'ndjson' },
  audit: { type: 'boolean', default: false },
} as const

/** Exports everything. The file has its name only when it is whole. */
export async function exportArchive(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, usage)
  const [path] = positionals
  const { format, audit: withAudit } = values
  if (path === undefined || positionals.length > 1) throw new CommandError(usage)
  if (format === 'markdown' && path !== '-')
    return withServices(({ exporting }, config) => toFolder(exporting, exportSettingsOf(config), path))
  if (!Object.hasOwn(exportFormats, format))
    throw new CommandError(`--format must be ndjson, wxr, ninjs or markdown\n${usage}`)
  return withServices(async ({ exporting }, config) => {
    const settings = { ...exportSettingsOf(config), withAudit }
    const progress = progressOf(0, 'lines')
    try {
      if (path === '-') await writeExport(exporting, format as ExportFormat, settings, toOutput)
      else
        await toFile(path, (write) => writeExport(exporting, format as ExportFormat, settings, write), progress.count)
    } finally {
      progress.stop()
    }
    return 0
  })
}

const toOutput = (part: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(part, (error) => (error ? reject(error) : resolve())))

/** So much is put together before it is written. */
const CHUNK = 262_144

async function toFile(
  path: string,
  work: (write: (part: string | Uint8Array) => Promise<void>) => Promise<void>,
  count: (by: number) => void,
) {
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
  let waiting: Uint8Array[] = []
  let length = 0
  const flush = async () => {
    await file.write(Buffer.concat(waiting))
    waiting = []
    length = 0
  }
  try {
    await work(async (part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      waiting.push(bytes)
      length += bytes.length
      count(1)
      if (length > CHUNK) await flush()
    })
    await flush()
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, path)
}

async function toFolder(exporting: ExportingService, settings: ExportSettings, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true })
  const progress = progressOf(0, 'articles')
  try {
    await writeFiles(exporting, settings, async (name, text) => {
      await writeFile(join(folder, name), text)
      progress.count(1)
    })
  } finally {
    progress.stop()
  }
  return 0
}
