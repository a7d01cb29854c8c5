import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { SingleBar } from 'cli-progress'
import { DocumentError } from '../importing/decode.ts'
import { DOCUMENT_BYTES_MAX, type ImportOptions, type ImportOutcome } from '../importing/schema.ts'
import type { ImportingService } from '../importing/service.ts'
import { commandLine } from './actor.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npm run seed -- [--headline derive|first-line] [--publish] FILE…
  Imports plain-text documents (UTF-8). Without --publish they become drafts.
  --headline first-line   the first line of each document is its headline`

/** From this many files on a terminal gets a progress bar. */
const MANY = 10

/** Imports documents. A file that cannot be read is reported and the others go on; then the exit code is 1. */
export async function seed(args: string[]): Promise<number> {
  const options = {
    headline: { type: 'string', default: 'derive' },
    publish: { type: 'boolean', default: false },
  } as const
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, usage)
  const { headline, publish } = values
  if (headline !== 'derive' && headline !== 'first-line') {
    throw new CommandError(`--headline must be "derive" or "first-line"\n${usage}`)
  }
  if (positionals.length === 0) throw new CommandError(usage)
  return withServices(({ importing }) => importAll(importing, positionals, { headline, publish: publish === true }))
}

async function importAll(importing: ImportingService, files: string[], options: ImportOptions): Promise<number> {
  const bar =
    process.stderr.isTTY && files.length >= MANY
      ? new SingleBar({
          format: '{bar} {value}/{total} {eta_formatted}',
          stream: process.stderr,
          clearOnComplete: true,
        })
      : undefined
  const counts = { created: 0, unchanged: 0, failed: 0 }
  const failures: string[] = []
  bar?.start(files.length, 0)
  for (const file of files) {
    try {
      const outcome = await importing.importDocument(commandLine, basename(file), await readDocument(file), options)
      counts[outcome.result]++
      if (!bar) process.stdout.write(`${file}: ${described(outcome, options)}\n`)
    } catch (error) {
      counts.failed++
      failures.push(failure(file, error))
    }
    bar?.increment()
  }
  bar?.stop()
  for (const line of failures) process.stderr.write(`${line}\n`)
  if (files.length > 1) {
    process.stdout.write(`${counts.created} created, ${counts.unchanged} unchanged, ${counts.failed} failed\n`)
  }
  return counts.failed > 0 ? 1 : 0
}

const NO_FILE = 'this is not a file: what comes through a pipe or from a device must be saved first'

/** Reads at most one byte more than a document may have, so that no file can fill the memory. */
async function readDocument(file: string): Promise<Uint8Array> {
  // Opening a pipe to which nobody writes would wait for ever, and so would reading it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const kind = await handle.stat()
    if (kind.isDirectory()) throw new DocumentError('binary', 'this is a folder: name the files in it')
    if (!kind.isFile()) throw new DocumentError('binary', NO_FILE)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of handle.createReadStream({ autoClose: false, end: DOCUMENT_BYTES_MAX })) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
    }
    return Buffer.concat(chunks, size)
  } finally {
    await handle.close()
  }
}

function described(outcome: ImportOutcome, { publish }: ImportOptions): string {
  const links = `${outcome.headlines} headline link${outcome.headlines === 1 ? '' : 's'}`
  if (outcome.kind === 'rail') {
    return outcome.result === 'created'
      ? `headlines only: created the rail "${outcome.key}" with ${links}, public at once`
      : `unchanged, it is the rail "${outcome.key}" already`
  }
  if (outcome.result === 'unchanged') {
    const known = `unchanged, it is article ${outcome.id} already`
    if (outcome.isPublic) return known
    if (!publish) return `${known}, a draft`
    return `${known}, and stays a draft: publish it by POST /v1/editorial/articles/${outcome.id}/publish`
  }
  const paragraphs = `${outcome.paragraphs} paragraph${outcome.paragraphs === 1 ? '' : 's'}`
  return `created ${outcome.isPublic ? 'and published ' : ''}article ${outcome.id} with ${paragraphs} and ${links}: "${outcome.headline}"`
}

function failure(file: string, error: unknown): string {
  if (error instanceof DocumentError)
    return `${file}${error.line === undefined ? '' : `:${error.line}`}: ${error.message}`
  const { code, message } = error as NodeJS.ErrnoException
  // A socket: it cannot even be opened.
  if (code === 'ENXIO') return `${file}: ${NO_FILE}`
  if (code === 'ENOENT') return `${file}: there is no such file`
  if (code === 'EACCES') return `${file}: it may not be read`
  return `${file}: ${message}`
}
