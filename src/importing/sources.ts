import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Source, SourceFault } from './formats/format.ts'

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
  /** Why it is passed over. */
  skipped?: string
}

/** All files at and below these paths. What begins with a dot is left out; links within folders are passed over. */
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
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => error)
  const pass = (path: string, name: string, skipped: string) => found.push({ path, name, size: 0, skipped })
  if (entries instanceof Error) {
    pass(folder, below === '' ? basename(folder) : below, `The folder cannot be read: ${entries.code}.`)
    return
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) await walk(path, name, found)
    else if (entry.isSymbolicLink()) pass(path, name, 'It is a link: name what it leads to, if that is to be imported.')
    else if (!entry.isFile()) pass(path, name, 'It is no file.')
    else {
      // What is gone meanwhile, or has a name that cannot be said, is told when it is opened.
      const size = (await stat(path).catch(() => undefined))?.size ?? 0
      found.push({ path, name, size, origin: path })
    }
  }
}

/** Found files as sources, one after another. What cannot be opened is a source from which nothing can be read. */
export async function* sourcesOf(files: Found[], onRead?: (bytes: number) => void): AsyncIterable<Source> {
  for (const file of files) {
    const { name, size, skipped } = file
    const told = (instead: NonNullable<Source['instead']>): Source => ({
      name,
      size,
      head: new Uint8Array(),
      instead,
      open: nothing,
    })
    if (skipped !== undefined) yield told({ kind: 'skipped', why: skipped })
    else
      yield await sourceOf(file, onRead).catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error
        return told({ kind: 'failed', why: `It cannot be opened: ${error.code}.` })
      })
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}

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
    const head = buffer.subarray(0, bytesRead)
    // A small file is in memory whole, and need not be opened again.
    const all = async function* () {
      noteRead(size)
      yield head
    }
    return { name, origin, size, head, open: bytesRead === size ? all : () => bytesOf(path, noteRead) }
  } finally {
    await handle.close()
  }
}

async function* bytesOf(path: string, noteRead: (at: number) => void): AsyncIterable<Uint8Array> {
  const handle: FileHandle = await open(path)
  try {
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await handle
        .read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at)
        .catch((error: NodeJS.ErrnoException) => {
          throw new SourceFault(`the file cannot be read any further (${error.code})`)
        })
      if (bytesRead === 0) return
      at += bytesRead
      noteRead(at)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
