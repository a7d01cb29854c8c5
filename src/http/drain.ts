import { Server as NetServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

interface DrainTimes {
  /** How long connections that are idle may still bring a request, which is answered with `Connection: close`. */
  idleMs: number
  /** After this everything is cut. */
  totalMs: number
}

/**
 * Ends the server without resetting anybody. New connections are refused at once, but idle ones are not cut: a client
 * may be sending on one this moment. Each gets its last answer with `Connection: close`; what stays silent for `idleMs`
 * is closed, and a request that was accepted may take until `totalMs`.
 */
export function drainable(app: FastifyInstance): {
  isServing: () => boolean
  end: (times: DrainTimes) => Promise<void>
} {
  let isDraining = false
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining) reply.header('connection', 'close')
  })
  const end = async ({ idleMs, totalMs }: DrainTimes) => {
    isDraining = true
    const { server } = app
    const closed = new Promise<void>((resolve) => {
      server.once('close', resolve)
    })
    // Not server.close(): that one of HTTP cuts idle connections, which is what breaks requests on their way.
    NetServer.prototype.close.call(server)
    const idle = setTimeout(() => server.closeIdleConnections(), idleMs)
    const sweep = setInterval(() => server.closeIdleConnections(), Math.max(50, idleMs))
    const cut = setTimeout(() => server.closeAllConnections(), totalMs)
    await closed
    clearTimeout(idle)
    clearInterval(sweep)
    clearTimeout(cut)
    await app.close()
  }
  return { isServing: () => !isDraining, end }
}
