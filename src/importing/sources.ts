import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Source } from './formats/format.ts'

// Files as sources: found below what was named, in the order of their names, and read as often as a format asks.

/** How much of a file is looked at to tell what it is. */
const HEAD_BYTES = 65_536
const CHUNK_BYTES = 262_144

/** Why a path cannot be read; the message says which. */
export class PathFault extends Error {
  override readonly name = 'PathFault'
}

/** A file that was found, not yet opened. */
export interface Found {
  path: string
  name: string
  size: number
  /** The same path from the root, without links; undefined for what was uploaded. */
  origin?: string
}

/** All files at and below these paths. What begins with a dot is left out, as are links that lead out of a folder. */
export async function findFiles(paths: string[]): Promise<Found[]> {
  const found: Found[] = []
  for (const path of paths) {
    const what = await stat(path).catch(() => {
      throw new PathFault(`${path}: there is no such file or folder`)
    })
    if (what.isDirectory()) await walk(await realpath(path), '', found)
    else if (what.isFile()) found.push({ path, name: basename(path), size: what.size, origin: await realpath(path) })
    else throw new PathFault(`${path}: this is no file and no folder; what comes through a pipe must be saved first`)
  }
  return found
}

async function walk(folder: string, below: string, found: Found[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) await walk(path, name, found)
    else if (entry.isFile()) found.push({ path, name, size: (await stat(path)).size, origin: path })
  }
}

/** A file as a source. `onRead` is told how many bytes have been read, once of each. */
export async function sourceOf(
  { path, name, origin }: Found,
  onRead: (bytes: number) => void = () => {},
): Promise<Source> {
  // Without waiting: opening a pipe to which nobody writes would wait for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size }: Stats = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(HEAD_BYTES, size)), 0)
    let furthest = 0
    const noteRead = (at: number) => {
      if (at > furthest) onRead(at - furthest)
      furthest = Math.max(furthest, at)
    }
    return { name, origin, size, head: buffer.subarray(0, bytesRead), open: () => bytesOf(path, noteRead) }
  } finally {
    await handle.close()
  }
}

async function* bytesOf(path: string, noteRead: (at: number) => void): AsyncIterable<Uint8Array> {
  const handle: FileHandle = await open(path)
  try {
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at)
      if (bytesRead === 0) return
      at += bytesRead
      noteRead(at)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
