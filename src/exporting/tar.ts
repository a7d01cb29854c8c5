import { pack } from 'tar-stream'

type Add = (name: string, text: string, changedAt: string) => Promise<void>

/** Writes a folder of files as one tar, file after file: `work` is given what adds one. What `write` throws ends it. */
export async function tarOf(
  work: (add: Add) => Promise<void>,
  write: (part: Uint8Array) => Promise<void> | void,
): Promise<void> {
  const tar = pack()
  let failure: unknown
  const written = (async () => {
    for await (const part of tar) {
      try {
        await write(part)
      } catch (error) {
        // The file at hand ends with it, and would be told as the reason.
        failure = error
        throw error
      }
    }
  })()
  // It is awaited below, and may fail before that.
  written.catch(() => undefined)
  const add: Add = (name, text, changedAt) => {
    const bytes = Buffer.from(text)
    const header = { name, size: bytes.length, mtime: new Date(changedAt), mode: 0o644 }
    const added = new Promise<void>((resolve, reject) => {
      tar.entry(header, (error) => (error ? reject(error) : resolve())).end(bytes)
    })
    // Whoever reads may go away meanwhile.
    return Promise.race([added, written])
  }
  try {
    await work(add)
    tar.finalize()
    await written
  } catch (error) {
    tar.destroy()
    throw failure ?? error
  }
}
