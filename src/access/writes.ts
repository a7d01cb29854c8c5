import type { Db } from '../db/database.ts'
import type { Writes } from '../http/writes.ts'
import type { Caller } from './schema.ts'

/** What a write is given: the transaction it takes part in, who asks, and whether all of it will be undone. */
export interface WriteContext {
  tx: Db
  caller: Caller
  requestId: string
  isDryRun: boolean
}
export type EditorialWrites = Writes<WriteContext>
