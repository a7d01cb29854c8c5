import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

export type RememberedRow = Tables['idempotencyKeys']['$inferSelect']

export const writingStore = (db: Db, { idempotencyKeys }: Pick<Tables, 'idempotencyKeys'>) => ({
  /** False if the key is taken. Waits for a request that has it and is not done. */
  claim: async (row: RememberedRow) =>
    (await db.insert(idempotencyKeys).values(row).onConflictDoNothing().returning({ digest: idempotencyKeys.digest }))
      .length > 0,

  byDigest: async (callerId: string, digest: string) =>
    (
      await db
        .select()
        .from(idempotencyKeys)
        .where(and(eq(idempotencyKeys.callerId, callerId), eq(idempotencyKeys.digest, digest)))
    )[0],

  answer: (callerId: string, digest: string, answer: Pick<RememberedRow, 'status' | 'headers' | 'body'>) =>
    db
      .update(idempotencyKeys)
      .set(answer)
      .where(and(eq(idempotencyKeys.callerId, callerId), eq(idempotencyKeys.digest, digest))),

  /** Makes a key that is too old as if it had never been used. */
  forget: (callerId: string, digest: string, before: string) =>
    db
      .delete(idempotencyKeys)
      .where(
        and(
          eq(idempotencyKeys.callerId, callerId),
          eq(idempotencyKeys.digest, digest),
          lt(idempotencyKeys.createdAt, before),
        ),
      ),

  forgetAll: (before: string) => db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before)),
})
