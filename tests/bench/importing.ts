import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
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
// are twenty times as many. `npm run bench -- importing`, and `-- importing 200000` for the memory.

const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-'))
const how = { isDryRun: false, asDrafts: false, withEnded: false, isMoved: false }
const mb = (bytes: number) => (bytes / 1_000_000).toFixed(1)
const print = (line: string) => process.stdout.write(`${line}\n`)

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

/** How often memory is told while many come: flat means that it ends as it began. */
const MARKS = [10_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]

async function benchPosts(many: number): Promise<string> {
  return withInstallation('posts.db', async ({ imports, exporting }) => {
    const bring = async (from: number, to: number) => {
      const [started, cpu] = [performance.now(), process.cpuUsage()]
      let bytes = 0
      let done = 0
      const sources = (function* () {
        for (const source of posts(from, to)) {
          bytes += source.size ?? 0
          yield source
        }
      })()
      const parts = partsOf(sources, 'markdown', {})
      for await (const some of imports.import(commandLine, parts, how, undefined, allThreads())) {
        const before = done
        done += some.length
        const mark = MARKS.find((each) => before < each && each <= done)
        if (mark !== undefined) print(`  after ${mark}: ${mb(process.memoryUsage.rss())} MB of memory`)
      }
      const seconds = (performance.now() - started) / 1_000
      const { user, system } = process.cpuUsage(cpu)
      const each = (user + system) / (to - from)
      return `${Math.round((to - from) / seconds)} a second, ${mb(bytes / seconds)} MB/s, ${Math.round(each)} µs of processor time each`
    }
    // What is compiled on the way is not the import's.
    await bring(0, 500)
    const told = await bring(500, 500 + many)
    print(`Markdown posts of ${(Buffer.byteLength(markdownPost(500)) / 1_000).toFixed(1)} kB: ${told}`)
    print(`  ${mb(process.memoryUsage.rss())} MB of memory`)
    const path = join(folder, 'all.ndjson')
    const file = createWriteStream(path)
    await exporting.archive((line) => void file.write(line), { withAudit: false })
    await finished(file.end())
    return path
  })
}

async function benchArchive(path: string): Promise<void> {
  const { size } = statSync(path)
  await withInstallation('loaded.db', async ({ exporting }) => {
    const source = await sourceOf({ path, name: 'all.ndjson', size })
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    const records = await exporting.load(source.open)
    const seconds = (performance.now() - started) / 1_000
    const { user, system } = process.cpuUsage(cpu)
    print(
      `NDJSON, a whole archive of ${mb(size)} MB: ${Math.round(records / seconds)} records a second, ${mb(size / seconds)} MB/s, ` +
        `${Math.round((user + system) / records)} µs of processor time each; ${mb(process.memoryUsage.rss())} MB of memory`,
    )
  })
}

export async function bench(): Promise<void> {
  try {
    await benchArchive(await benchPosts(Number(process.argv[2] ?? 10_000)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
