import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as loopTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

interface DrainTimes {
  /** How long connections that are idle may still bring a request, which is answered with `Connection: close`. */
  idleMs: number
  /** After this everything is cut. */
  totalMs: number
}

/** More than the system's queue of connections holds (511 is what Node asks for), and an end under any load. */
const ACCEPT_TURNS_MAX = 1_000
/** The first may be the rest of a turn that has looked at the queue before. */
const QUIET_TURNS = 2

/**
 * Ends the server without resetting anybody. New connections are refused at once, but idle ones are not cut: a client
 * may be sending on one this moment. Each gets its last answer with `Connection: close`; what stays silent for `idleMs`
 * is closed, and a request that was accepted may take until `totalMs`.
 */
export function drainable(app: FastifyInstance): {
  isServing: () => boolean
  end: (times: DrainTimes) => Promise<void>
} {
  const { server } = app
  const sockets = new Set<Socket>()
  let accepted = 0
  let isDraining = false
  let queueTaken: Promise<void> | undefined

  server.on('connection', (socket: Socket) => {
    accepted++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!isDraining) return void done()
    reply.header('connection', 'close')
    return queueTaken
  })

  /**
   * A client is connected as soon as it stands in the system's queue, and closing resets those. Node takes one of them in
   * each turn; no answer leaves meanwhile, or the clients that get it would connect again and fill the queue.
   */
  async function takeQueue(): Promise<void> {
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS && turns < ACCEPT_TURNS_MAX; turns++) {
      const before = accepted
      await loopTurn()
      quiet = accepted === before ? quiet + 1 : 0
    }
    // Not server.close(): that one of HTTP cuts idle connections, which is what breaks requests on their way.
    NetServer.prototype.close.call(server)
  }

  function closeIdle(): void {
    server.closeIdleConnections()
    // Node takes a connection on which nothing has come yet (browsers open them in advance) for a busy one.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }

  const end = async ({ idleMs, totalMs }: DrainTimes) => {
    isDraining = true
    const closed = new Promise<void>((resolve) => {
      server.once('close', resolve)
    })
    queueTaken = takeQueue()
    const sweep = setInterval(closeIdle, Math.max(50, idleMs))
    const cut = setTimeout(() => server.closeAllConnections(), totalMs)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
    await app.close()
  }
  return { isServing: () => !isDraining, end }
}
