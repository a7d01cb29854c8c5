import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '../../src/commands/actor.ts'
import { readConfig } from '../../src/config.ts'
import { migrateDatabase, openDatabase } from '../../src/db/open.ts'
import type { Source } from '../../src/importing/formats/format.ts'
import { allThreads } from '../../src/importing/preparing.ts'
import { partsOf } from '../../src/importing/records.ts'
import { sourceOf } from '../../src/importing/sources.ts'
import { buildServices } from '../../src/services.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { newId } from '../../src/shared/ids.ts'
import { markdownPost } from './newsroom.ts'

// How quickly an archive comes in: Markdown posts of 4 kB, and Dateline's own archive; and whether memory stays as it is when there
// are twenty times as many. `npm run bench -- importing`.

const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-'))
const how = { isDryRun: false, asDrafts: false, withEnded: false, isMoved: false }
const mb = (bytes: number) => (bytes / 1_048_576).toFixed(1)

async function withInstallation<T>(
  name: string,
  work: (services: ReturnType<typeof buildServices>) => Promise<T>,
): Promise<T> {
  const url = `file:${join(folder, name)}`
  await migrateDatabase(url)
  const db = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 30_000 }, () => undefined)
  try {
    return await work(
      buildServices({
        config: readConfig({ NODE_ENV: 'test', DATABASE_URL: url }),
        db,
        clock: systemClock,
        ids: newId,
      }),
    )
  } finally {
    await db.close()
  }
}

/** Posts that are made when they are read, so that their number costs no memory. */
function* posts(from: number, to: number): Generator<Source> {
  for (let n = from; n < to; n++) {
    const bytes = Buffer.from(markdownPost(n))
    yield {
      name: `posts/${n}.md`,
      size: bytes.length,
      head: bytes,
      async *open() {
        yield bytes
      },
    }
  }
}

async function benchImporting(many: number): Promise<void> {
  const small = Math.min(2_000, many)
  await withInstallation('posts.db', async ({ imports, exporting }) => {
    const bring = async (from: number, to: number) => {
      const started = performance.now()
      let bytes = 0
      const sources = (function* () {
        for (const source of posts(from, to)) {
          bytes += source.size ?? 0
          yield source
        }
      })()
      for await (const some of imports.import(
        commandLine,
        partsOf(sources, 'markdown', {}),
        how,
        undefined,
        allThreads(),
      ))
        void some
      const seconds = (performance.now() - started) / 1_000
      return { rate: (to - from) / seconds, speed: bytes / seconds, size: bytes / (to - from) }
    }
    // What is compiled on the way is not the import's.
    await bring(0, 500)
    const { rate, speed, size } = await bring(500, 500 + small)
    process.stdout.write(
      `Markdown posts of ${(size / 1_000).toFixed(1)} kB: ${Math.round(rate)} a second, ${mb(speed)} MB/s\n`,
    )
    const before = process.memoryUsage.rss()
    if (many > small) {
      const later = await bring(500 + small, 500 + many)
      process.stdout.write(
        `${many - small} more: ${Math.round(later.rate)} a second; memory ${mb(before)} MB before, ${mb(process.memoryUsage.rss())} MB after\n`,
      )
    }
    const lines: string[] = []
    await exporting.archive((line) => void lines.push(line), { withAudit: false })
    writeFileSync(join(folder, 'all.ndjson'), lines.join(''))
  })
  const path = join(folder, 'all.ndjson')
  const { size } = statSync(path)
  await withInstallation('loaded.db', async ({ exporting }) => {
    const source = await sourceOf({ path, name: 'all.ndjson', size })
    const started = performance.now()
    const records = await exporting.load(source.open)
    const seconds = (performance.now() - started) / 1_000
    process.stdout.write(
      `NDJSON, a whole archive: ${Math.round(records / seconds)} records a second, ${mb(size / seconds)} MB/s\n`,
    )
  })
  rmSync(folder, { recursive: true })
}

export const bench = (): Promise<void> => benchImporting(Number(process.argv[2] ?? 2_500))
