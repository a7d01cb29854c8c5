import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'

// Large files may take longer to arrive than any other request: what counts for them is that something comes.

/** Node tells once that a request takes long, and goes on with it where nobody ends it then. */
const patient = new WeakSet<Socket>()

/** Whether something is being sent on this connection that may take as long as it takes. */
export const isWaitedFor = (socket: Socket): boolean => patient.has(socket)

/** For operations that take large files, as a hook: their requests are over when nothing has come for as long as others may take in all. */
export async function waitPatiently({ raw, server: { server } }: FastifyRequest): Promise<void> {
  const { socket } = raw
  patient.add(socket)
  socket.setTimeout(server.requestTimeout)
  raw.once('timeout', () => {
    patient.delete(socket)
    server.emit('clientError', Object.assign(new Error('Nothing comes'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
    // Who does not even take the answer is not waited for.
    socket.destroySoon()
  })
  raw.once('close', () => {
    patient.delete(socket)
    socket.setTimeout(0)
  })
}
