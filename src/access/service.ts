import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { hashSecret, makeSecret } from './rules.ts'
import { type Caller, type Key, type KeyCreated, type Role, roles } from './schema.ts'
import { accessStore } from './store.ts'

// Owns the API keys. Promises that a secret is shown once and never stored, and that a revoked key is refused from the
// next request on, on every node: nothing about keys is cached. Leaves what a scope allows to the features.

/** Always the same, so that the primary key lets only one be the first. */
const FIRST_KEY_ID = '00000000-0000-7000-8000-000000000001'

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  environment: 'live' | 'dev'
}

export type AccessService = ReturnType<typeof accessService>

export function accessService({ db, clock, ids, environment }: Dependencies) {
  const read = accessStore(db.read, db.tables)

  const draft = (name: string, role: Role) => {
    const key = makeSecret(environment)
    const hash = hashSecret(key)
    return { key, row: { id: ids(), name, role, hash, hint: key.slice(-4), createdAt: clock.now(), revokedAt: null } }
  }

  return {
    async create(name: string, role: Role): Promise<KeyCreated> {
      const { row, key } = draft(name, role)
      await db.write((tx) => accessStore(tx, db.tables).insert(row))
      return { ...shown(row), key }
    },

    /** The first admin key, or undefined where there is one already: of servers that start at once, one makes it. */
    async createFirst(): Promise<string | undefined> {
      const { row, key } = draft('First administrator', 'admin')
      const isMade = await db.write((tx) => accessStore(tx, db.tables).insertFirst({ ...row, id: FIRST_KEY_ID }))
      return isMade ? key : undefined
    },

    async list(): Promise<Key[]> {
      return (await read.all()).map(shown)
    },

    /** Revoking twice is the same as once; the first time counts. */
    async revoke(id: string): Promise<Key> {
      return db.write(async (tx) => {
        const store = accessStore(tx, db.tables)
        const key = await store.byId(id)
        if (!key) throw new Problem('not-found', 'There is no such key.')
        const revoked = key.revokedAt === null ? await store.revoke(id, clock.now()) : key
        return shown(revoked ?? key)
      })
    },

    async isEmpty(): Promise<boolean> {
      return (await read.count()) === 0
    },

    /** Who holds `secret`, or undefined for a key that is unknown or revoked. */
    async identify(secret: string): Promise<Caller | undefined> {
      const hash = hashSecret(secret)
      const key = await read.byHash(hash)
      if (!key || key.revokedAt !== null || !timingSafeEqual(Buffer.from(key.hash), Buffer.from(hash))) return undefined
      const role = key.role as Role
      return { id: key.id, name: key.name, role, scopes: roles[role] }
    },
  }
}

interface KeyRow {
  id: string
  name: string
  role: string
  hint: string
  createdAt: string
  revokedAt: string | null
}

const shown = ({ id, name, role, hint, createdAt, revokedAt }: KeyRow): Key => ({
  id,
  name,
  role: role as Role,
  hint,
  createdAt,
  revokedAt,
})
