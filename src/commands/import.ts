import { formats } from '../importing/formats/all.ts'
import type { ArchiveImporter } from '../importing/importer.ts'
import { allThreads } from '../importing/preparing.ts'
import { partsOf } from '../importing/records.ts'
import { type ImportHow, noCounts, type Reported } from '../importing/schema.ts'
import { findFiles, PathFault, sourcesOf } from '../importing/sources.ts'
import { commandLine } from './actor.ts'
import { gathering } from './gathering.ts'
import { progressOf } from './progress.ts'
import { reportFile } from './report-file.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const names = formats.map(({ name }) => name)
const usage = `Usage: npx dateline import [options] PATH…
  Imports files, and folders with all that is below them. Again, it brings nothing new; what has changed there becomes a new
  version, unless somebody has edited it here since: that is reported as a conflict and left alone.
  --format NAME      ${['auto', ...names].join(', ')} (auto: by the looks of each file)
  --dry-run          tries everything, some hundred records at a time, and keeps nothing: what two of them want alike (a slug, say)
                     it tells only where they are near
  --drafts           what was published comes as a draft
  --with-ended       what has ended comes as it was published; without, as a draft
  --site NAME        how the site is called that the files come from; files with the same names of another site are others
  --moved            the files are at another place than when they came before
  --encoding NAME    of files that are not UTF-8 and do not say what they are
  --headline first-line   of plain text: the first line is the headline
  --report FILE      writes what became of each record as JSON

${formats.map(({ name, description }) => `  ${name.padEnd(10)} ${description}`).join('\n')}`

const flag = { type: 'boolean', default: false } as const
const options = {
  format: { type: 'string', default: 'auto' },
  'dry-run': flag,
  drafts: flag,
  'with-ended': flag,
  site: { type: 'string' },
  moved: flag,
  encoding: { type: 'string' },
  headline: { type: 'string', default: 'derive' },
  report: { type: 'string' },
} as const

/** Imports an archive. Records that cannot be taken are reported and the others go on; then the exit code is 1. */
export async function importArchive(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, usage)
  const { format, headline, encoding } = values
  if (positionals.length === 0) throw new CommandError(usage)
  if (format !== 'auto' && !names.includes(format)) {
    throw new CommandError(`--format must be one of auto, ${names.join(', ')}`)
  }
  if (headline !== 'derive' && headline !== 'first-line') {
    throw new CommandError('--headline must be "derive" or "first-line"')
  }
  const files = await findFiles(positionals).catch((error: unknown) => {
    throw error instanceof PathFault ? new CommandError(error.message) : error
  })
  const how = {
    ...{ isDryRun: values['dry-run'], asDrafts: values.drafts, withEnded: values['with-ended'] },
    isMoved: values.moved,
  }
  const work = async ({ imports }: { imports: ArchiveImporter }) => {
    const progress = progressOf(
      files.reduce((sum, { size }) => sum + size, 0),
      'records',
    )
    const report = values.report === undefined ? undefined : await reportFile(values.report, how)
    const records = partsOf(sourcesOf(files, progress.advance), format, { encoding, headline, site: values.site })
    const counts = noCounts()
    const gathered = gathering()
    try {
      for await (const some of imports.import(commandLine, records, how, undefined, allThreads())) {
        progress.count(some.length)
        for (const each of some) {
          counts[each.result]++
          if (each.result === 'failed' || each.result === 'conflict') process.stderr.write(`${told(each)}\n`)
          gathered.note(each)
        }
        await report?.add(some)
      }
      await report?.finish(counts)
    } finally {
      progress.stop()
      await report?.close()
    }
    process.stderr.write(gathered.told(values.report))
    process.stdout.write(`${summary(counts, how)}\n`)
    return counts.failed + counts.conflict > 0 ? 1 : 0
  }
  return withServices(work, { isTrial: how.isDryRun })
}

const told = ({ source, line, sourceId, result, why }: Reported): string => {
  const which = sourceId === undefined || sourceId === source ? '' : ` (${sourceId})`
  return `${source}${line === undefined ? '' : `:${line}`}${which}: ${result}. ${why}`
}

const summary = (counts: ReturnType<typeof noCounts>, { isDryRun }: ImportHow): string =>
  `${isDryRun ? 'Dry run, nothing was kept: ' : ''}${Object.entries(counts)
    .map(([result, many]) => `${many} ${result}`)
    .join(', ')}`
