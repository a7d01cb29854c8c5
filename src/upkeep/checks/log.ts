import { and, count, eq, gt, isNotNull, isNull, max, or } from 'drizzle-orm'
import { type Check, type Look, NAMED, wrong } from '../look.ts'

/** What there is of the log, and what its counter says. */
export async function logOf({ read, tables: { events, eventCounter } }: Pick<Look, 'read' | 'tables'>) {
  const counted = { all: count(), last: max(events.seq), ofPublic: count(events.publicSeq), at: max(events.at) }
  const [row] = await read.select({ ...counted, lastPublic: max(events.publicSeq) }).from(events)
  const [counter] = await read.select().from(eventCounter)
  return {
    all: row?.all ?? 0,
    last: Number(row?.last ?? 0),
    ofPublic: row?.ofPublic ?? 0,
    lastPublic: Number(row?.lastPublic ?? 0),
    at: row?.at ?? '',
    counter,
  }
}

export const log: Check = {
  kind: 'log',
  says: 'the log of changes has no gap',
  advice: 'Followers of /v1/changes should read everything anew; where numbers are counted wrongly, restore a backup.',
  async *find({ read, tables }) {
    const { all, last, ofPublic, lastPublic, counter } = await logOf({ read, tables })
    const id = 'events'
    if (all !== last) yield { id, what: `are ${all}, and the last one is number ${last}` }
    if (ofPublic !== lastPublic)
      yield { id, what: `are ${ofPublic} public ones, and the last one is number ${lastPublic}` }
    if ((counter?.last ?? 0) !== last)
      yield { id, what: `are counted up to ${counter?.last ?? 0}, and the last one is number ${last}` }
    if ((counter?.lastPublic ?? 0) !== lastPublic)
      yield {
        id,
        what: `are counted up to ${counter?.lastPublic ?? 0} in public, and the last is number ${lastPublic}`,
      }
    const { events, webhooks } = tables
    const unlike = read
      .select({ name: events.seq })
      .from(events)
      .where(
        or(
          and(eq(events.isPublic, true), isNull(events.publicSeq)),
          and(eq(events.isPublic, false), isNotNull(events.publicSeq)),
        ),
      )
      .limit(NAMED + 1)
    yield* wrong(unlike, 'is an event that is public and has no public number, or the reverse')
    const ahead = read.select({ name: webhooks.id }).from(webhooks).where(gt(webhooks.place, last))
    yield* wrong(ahead.limit(NAMED + 1), 'is a webhook that is further than the log: it would miss what comes')
  },
}
