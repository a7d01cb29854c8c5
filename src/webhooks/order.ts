import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import { deliveryStore, type Subject } from './delivery-store.ts'
import { turns } from './rules.ts'
import type { WebhookRow } from './store.ts'

/**
 * Gives the turn to whom it is due, at an endpoint or for one subject there, after deliveries have come or gone. Whoever
 * calls holds the endpoint, so that nobody else does the same at once.
 */
export async function giveTurnsIn(
  tx: Db,
  tables: Tables,
  { id, format }: Pick<WebhookRow, 'id' | 'format'>,
  now: string,
  of?: Subject,
): Promise<void> {
  const store = deliveryStore(tx, tables)
  const { wake, hold } = turns(await store.pending(id, of), format, now)
  await store.setNext(wake, now)
  await store.setNext(hold, FOREVER)
}
