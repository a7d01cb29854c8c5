import { changeFeed, type FacesNow } from './changes.ts'
import type { EventService } from './service.ts'
import { changeStream } from './stream.ts'
import { waitingRoom } from './waiting.ts'

/** What the routes of one process share that follow the log: those who listen, and those who wait. */
export function followingOf(
  { events, access, delivery }: Parts,
  settings: { STREAM_LISTENERS_MAX: number; STREAM_HEARTBEAT_MS: number },
  isServing: () => boolean,
  onFault: (error: unknown) => void,
) {
  const { standing } = access
  const feed = changeFeed(events, delivery.facesNow)
  const stream = changeStream({ feed, standing, isServing, heartbeatMs: settings.STREAM_HEARTBEAT_MS, onFault })
  // Readers without a key must not take the room of the desk's tools.
  const patiently = waitingRoom({ newest: events.lastPublic, isServing })
  const deskPatiently = waitingRoom({ newest: events.last, isServing })
  return { feed, stream, patiently, deskPatiently, standing, isServing, listenersMax: settings.STREAM_LISTENERS_MAX }
}
export type Following = ReturnType<typeof followingOf>

interface Parts {
  events: EventService
  /** Tells which of these keys still stand. */
  access: { standing: (keyIds: string[]) => Promise<Set<string>> }
  delivery: { facesNow: FacesNow }
}
