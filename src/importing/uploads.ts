import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../shared/problem.ts'

// Files that were sent to be imported, until they are: below one folder, each by the id of its import.

export function uploadFolder(folder: string, bytesMax: number) {
  const pathOf = (id: string): string => join(folder, `${id}.upload`)
  const sizeOf = async (id: string): Promise<number> => (await stat(pathOf(id)).catch(() => undefined))?.size ?? 0

  return {
    pathOf,
    sizeOf,
    isHere: async (id: string): Promise<boolean> => (await stat(pathOf(id)).catch(() => undefined)) !== undefined,

    /** Writes what comes after the first `offset` bytes, and answers how many there are then. Throws where it is too large. */
    async append(id: string, offset: number, content: Readable): Promise<number> {
      await mkdir(folder, { recursive: true })
      const path = pathOf(id)
      // What an earlier try has left beyond: it was never acknowledged.
      if ((await sizeOf(id)) > offset) await truncate(path, offset)
      let size = offset
      const counted = async function* (bytes: AsyncIterable<Uint8Array>) {
        for await (const part of bytes) {
          size += part.length
          if (size > bytesMax) throw tooLarge(bytesMax)
          yield part
        }
      }
      await pipeline(content, counted, createWriteStream(path, { flags: 'a', flush: true, mode: 0o600 }))
      return size
    },

    remove: (id: string): Promise<void> => rm(pathOf(id), { force: true }),

    /** The ids of all that are here. */
    ids: async (): Promise<string[]> =>
      (await readdir(folder).catch(() => [] as string[])).flatMap((name) => /^(.*)\.upload$/.exec(name)?.[1] ?? []),
  }
}
export type UploadFolder = ReturnType<typeof uploadFolder>

const tooLarge = (bytesMax: number) =>
  new Problem(
    'payload-too-large',
    `A file that is sent may have at most ${bytesMax} bytes: import it by the command line, or raise IMPORT_BYTES_MAX.`,
  )
