import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { Problem } from '../shared/problem.ts'

// Files that were sent to be imported, until they are: below one folder, each by the id of its import.

/** What has come of a file, and what broke it off. */
export interface Written {
  bytes: number
  brokenBy?: unknown
}

/**
 * The folder of one installation below the one that all of them may share: a copy of a database, started to try it, knows the
 * imports of the original, and must not do them or remove their files.
 */
export function folderOf(folder: string, databaseUrl: string): string {
  const file = /^file:(.*)$/.exec(databaseUrl)?.[1]
  const url = URL.parse(databaseUrl)
  // Another password is no other installation.
  const server = url ? `${url.host}${url.pathname} ${url.searchParams.get('host') ?? ''}` : databaseUrl
  const place = file === undefined ? server : resolve(file)
  return join(folder, createHash('sha256').update(place).digest('hex').slice(0, 16))
}

export function uploadFolder(folder: string, bytesMax: number) {
  const pathOf = (id: string): string => join(folder, `${id}.upload`)
  const sizeOf = async (id: string): Promise<number | undefined> =>
    (await stat(pathOf(id)).catch(() => undefined))?.size

  /** The file, cut where the next part begins: an earlier try may have left what was never acknowledged. */
  async function openAt(id: string, offset: number): Promise<FileHandle> {
    await mkdir(folder, { recursive: true })
    if (offset === 0) return open(pathOf(id), 'w', 0o600)
    if (((await sizeOf(id)) ?? 0) < offset) throw notHere()
    const handle = await open(pathOf(id), 'r+')
    await handle.truncate(offset)
    return handle
  }

  return {
    pathOf,
    /** How many bytes of it are here; undefined where nothing is. */
    sizeOf,

    /**
     * Writes what comes after the first `offset` bytes, as long as nobody else does. Answers how many are on the disk then, also
     * where the rest did not come.
     */
    async write(id: string, offset: number, content: Readable, isOurs: () => boolean): Promise<Written> {
      const handle = await openAt(id, offset)
      const written: Written = { bytes: offset }
      try {
        // Destroyed, it would take the connection with it, and who sends would never be told why.
        for await (const part of content.iterator({ destroyOnReturn: false })) {
          if (written.bytes + part.length > bytesMax) throw tooLarge(bytesMax)
          if (!isOurs()) throw notTheOnly()
          await writeAll(handle, part, written.bytes)
          written.bytes += part.length
        }
      } catch (error) {
        written.brokenBy = error
      }
      await handle.sync().finally(() => handle.close())
      return written
    },

    remove: (id: string): Promise<void> => rm(pathOf(id), { force: true }),

    /** All that are here, and when they were written to. */
    all: async (): Promise<{ id: string; changedAtMs: number }[]> => {
      const names = await readdir(folder).catch(() => [] as string[])
      const ids = names.flatMap((name) => /^(.*)\.upload$/.exec(name)?.[1] ?? [])
      const changed = async (id: string) => ({
        id,
        changedAtMs: (await stat(pathOf(id)).catch(() => undefined))?.mtimeMs ?? 0,
      })
      return Promise.all(ids.map(changed))
    },
  }
}
export type UploadFolder = ReturnType<typeof uploadFolder>

/** All of it, at its place: a write may take less than it is given. */
async function writeAll(handle: FileHandle, part: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < part.length; ) {
    done += (await handle.write(part, done, part.length - done, at + done)).bytesWritten
  }
}

const tooLarge = (bytesMax: number) =>
  new Problem(
    'payload-too-large',
    `A file that is sent may have at most ${bytesMax} bytes: import it by the command line, or raise IMPORT_BYTES_MAX.`,
  )

/** Somebody sends the same part, or has sent it meanwhile. */
export const notTheOnly = () =>
  new Problem(
    'invalid-transition',
    'Another part of this file is on its way: ask for the import, and send what follows its bytes.',
    {
      headers: { 'retry-after': '5' },
    },
  )

const notHere = () =>
  new Problem(
    'invalid-transition',
    'What came before is not on this server: send to the one that has it, give all servers the same IMPORT_FOLDER, or cancel the import and start anew.',
  )
