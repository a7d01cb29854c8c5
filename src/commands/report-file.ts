import { type FileHandle, open, rename } from 'node:fs/promises'
import type { ImportCounts, ImportHow, Reported } from '../importing/schema.ts'
import { CommandError } from './usage.ts'

/**
 * Writes a report as one JSON document, record by record, so that its length does not matter. It has its name only when it is whole;
 * until then it is beside it as ".part".
 */
export async function reportFile(path: string, { isDryRun }: ImportHow) {
  const part = `${path}.part`
  const file: FileHandle = await open(part, 'w').catch((error: Error) => {
    throw new CommandError(`The report cannot be written: ${error.message}`)
  })
  let isFirst = true
  let isOpen = true
  await file.write(`{"isDryRun":${isDryRun},"records":[\n`)
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    async add(records: Reported[]): Promise<void> {
      const lines = records.map((each) => JSON.stringify(each))
      if (lines.length === 0) return
      await file.write(`${isFirst ? '' : ',\n'}${lines.join(',\n')}`)
      isFirst = false
    },
    async finish(counts: ImportCounts): Promise<void> {
      await file.write(`\n],"counts":${JSON.stringify(counts)}}\n`)
      await file.sync()
      await close()
      await rename(part, path)
    },
    close,
  }
}
