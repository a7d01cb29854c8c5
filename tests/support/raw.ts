import { connect, type Socket } from 'node:net'
import { afterEach } from 'vitest'

const open = new Set<Socket>()
afterEach(() => {
  for (const socket of open) socket.destroy()
})

export interface Raw {
  socket: Socket
  write: (text: string | Buffer) => void
  /** All that came until the server closed the connection; '' where it just closed. */
  closed: Promise<string>
  /** What came up to a text of this form. */
  heard: (until: RegExp) => Promise<string>
}

/** A connection by hand, for what no HTTP client would do. It ends with the test. */
export function raw(port: number, first: string | Buffer = ''): Raw {
  const socket = connect(port, '127.0.0.1')
  open.add(socket)
  socket.once('close', () => open.delete(socket))
  let text = ''
  const looks = new Set<() => void>()
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    for (const look of looks) look()
  })
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(text))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      text += `[${error.code}]`
    })
  })
  if (first.length > 0) socket.write(first)
  return {
    socket,
    write: (more) => socket.write(more),
    closed,
    heard: (until) =>
      new Promise((resolve, reject) => {
        const from = text.length
        const look = () => {
          if (!until.test(text.slice(from))) return
          looks.delete(look)
          resolve(text.slice(from))
        }
        looks.add(look)
        closed.then(() => reject(new Error(`The connection was closed after: ${text.slice(from)}`)))
      }),
  }
}
