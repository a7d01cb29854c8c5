import { timingSafeEqual } from 'node:crypto'
import type { Actor } from '../audit/schema.ts'
import type { AuditService } from '../audit/service.ts'
import { readFor } from '../db/chunks.ts'
import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { hashSecret, makeSecret } from './rules.ts'
import { type Caller, type Grant, type Key, type KeyCreated, type Role, roles, type Scope } from './schema.ts'
import { accessStore } from './store.ts'

// Owns the API keys. Promises that a secret is shown once and never stored, and that a revoked key is refused from the
// next request on, on every node: nothing about keys is cached. Leaves what a scope allows to the features.

/** Always the same, so that the primary key lets only one be the first. */
const FIRST_KEY_ID = '00000000-0000-7000-8000-000000000001'

/** Who the command line and the first start are. */
export const COMMAND_LINE: Actor = { id: '00000000-0000-7000-8000-000000000000', name: 'Command line' }

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  environment: 'live' | 'dev'
}

export type AccessService = ReturnType<typeof accessService>

export function accessService({ db, clock, ids, audit, environment }: Dependencies) {
  const read = accessStore(db.read, db.tables)

  const draft = (name: string, role: Role, grants: Grant[] = []) => {
    const key = makeSecret(environment)
    const hash = hashSecret(key)
    return {
      key,
      row: {
        id: ids(),
        name,
        role,
        scopes: [...new Set(grants)].sort(),
        hash,
        hint: key.slice(-4),
        createdAt: clock.now(),
        revokedAt: null,
      },
    }
  }

  async function createIn(tx: Db, name: string, role: Role, grants: Grant[]): Promise<KeyCreated> {
    const { row, key } = draft(name, role, grants)
    await accessStore(tx, db.tables).insert(row)
    return { ...shown(row), key }
  }

  /** Revoking twice is the same as once; the first time counts. */
  async function revokeIn(tx: Db, id: string): Promise<Key> {
    const store = accessStore(tx, db.tables)
    const key = await store.byId(id)
    if (!key) throw new Problem('not-found', 'There is no such key.')
    const revoked = key.revokedAt === null ? await store.revoke(id, clock.now()) : key
    return shown(revoked ?? key)
  }

  /** For what did not come as a request. */
  const note = (tx: Db, action: string, id: string) =>
    audit.recordIn(tx, {
      actor: COMMAND_LINE,
      requestId: ids(),
      action,
      outcome: 'accepted',
      subject: { kind: 'key', id },
    })

  return {
    createIn,

    /** The same by itself, for the command line. */
    create: (name: string, role: Role, grants: Grant[] = []): Promise<KeyCreated> =>
      db.write(async (tx) => {
        const created = await createIn(tx, name, role, grants)
        await note(tx, 'createKey', created.id)
        return created
      }),

    /** The first admin key, or undefined where there is one already: of servers that start at once, one makes it. */
    async createFirst(): Promise<string | undefined> {
      const { row, key } = draft('First administrator', 'admin')
      const isMade = await db.write(async (tx) => {
        if (!(await accessStore(tx, db.tables).insertFirst({ ...row, id: FIRST_KEY_ID }))) return false
        await note(tx, 'createKey', FIRST_KEY_ID)
        return true
      })
      return isMade ? key : undefined
    },

    async list(): Promise<Key[]> {
      return (await read.all()).map(shown)
    },

    revokeIn,

    /** The same by itself, for the command line. */
    revoke: (id: string): Promise<Key> =>
      db.write(async (tx) => {
        const key = await revokeIn(tx, id)
        await note(tx, 'revokeKey', id)
        return key
      }),

    async isEmpty(): Promise<boolean> {
      return (await read.count()) === 0
    },

    /** Who holds `secret`, or undefined for a key that is unknown or revoked. */
    async identify(secret: string): Promise<Caller | undefined> {
      const hash = hashSecret(secret)
      const key = await read.byHash(hash)
      return key && timingSafeEqual(Buffer.from(key.hash), Buffer.from(hash)) ? holderOf(key) : undefined
    },

    /** Which of these keys have not been revoked: for connections that last longer than a look at the key. */
    standing: async (ids: string[]): Promise<Set<string>> =>
      new Set((await readFor(ids, read.standing)).map(({ id }) => id)),

    /** Who holds the key with this id, or undefined where it was revoked: for what somebody has left to work for them. */
    async holderIn(on: Db, id: string): Promise<Caller | undefined> {
      const key = await accessStore(on, db.tables).byId(id)
      return key && holderOf(key)
    },
  }
}

interface KeyRow {
  id: string
  name: string
  role: string
  scopes: string[]
  hint: string
  createdAt: string
  revokedAt: string | null
}

function holderOf({ id, name, role, scopes, revokedAt }: KeyRow): Caller | undefined {
  if (revokedAt !== null) return undefined
  const all: Scope[] = [...new Set([...roles[role as Role], ...(scopes as Grant[])])]
  return { id, name, role: role as Role, scopes: all }
}

const shown = ({ id, name, role, scopes, hint, createdAt, revokedAt }: KeyRow): Key => ({
  id,
  name,
  role: role as Role,
  scopes,
  hint,
  createdAt,
  revokedAt,
})
