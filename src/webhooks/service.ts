import { isDeepStrictEqual } from 'node:util'
import { makeSigningSecret } from '../access/rules.ts'
import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import type { FacesNow } from '../events/changes.ts'
import type { EventService } from '../events/service.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { AddressPolicy } from './addresses.ts'
import { notFound, refuseAhead, refuseToCarry, refuseUnfit, refuseUnknownKinds } from './checks.ts'
import { deliveryLog } from './deliveries.ts'
import { deliveryStore } from './delivery-store.ts'
import { FORMER_SECRET_MS } from './rules.ts'
import {
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookCreate,
  type WebhookCreated,
  WebhookFields,
  type WebhookPatch,
} from './schema.ts'
import { shownWebhook } from './shown.ts'
import { type WebhookRow, webhookStore } from './store.ts'

// Owns the endpoints: where events are sent, in which form, and with which secrets. The secrets are stored as they are,
// because messages are signed with them; they are shown once and never again. Leaves the sending to the sender.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  events: EventService
  facesNow: FacesNow
  policy: AddressPolicy
  /** Whether answers say by which names they are purged (`CACHE_TAGS`). */
  hasTags: boolean
}

/** An endpoint as it was written, and the names of the fields that changed. */
export interface ChangedWebhook {
  webhook: Webhook
  changed: string[]
}

export type WebhookService = ReturnType<typeof webhookService>

export function webhookService({ db, clock, ids, events, facesNow, policy, hasTags }: Dependencies) {
  const { tables } = db
  const shown = (row: WebhookRow): Webhook => shownWebhook(row, clock.now())

  async function heldIn(tx: Db, id: string, versions: Versions): Promise<WebhookRow> {
    const held = await webhookStore(tx, tables).hold(id)
    if (!held) throw notFound()
    if (!isCurrent(held, versions)) throw versionMismatch(held)
    return held
  }

  async function updateIn(tx: Db, caller: Caller, held: WebhookRow, changes: Partial<WebhookRow>): Promise<WebhookRow> {
    const by = { updatedAt: clock.now(), updatedById: caller.id, updatedByName: caller.name }
    const row = await webhookStore(tx, tables).update(held.id, held.version, { ...changes, ...by })
    if (!row) throw versionMismatch(held)
    return row
  }

  return {
    /** What became of events at the endpoints. */
    deliveries: deliveryLog({ db, clock, ids, events, facesNow }),

    list: async (): Promise<Webhook[]> => (await webhookStore(db.read, tables).all()).map(shown),

    async get(id: string): Promise<Webhook> {
      const row = await webhookStore(db.read, tables).byId(id)
      if (!row) throw notFound()
      return shown(row)
    },

    /** Where a new endpoint begins. Asked before the transaction: what is written meanwhile comes after it. */
    async beginning({ after }: WebhookCreate): Promise<number> {
      const last = await events.last()
      if (after !== undefined) refuseAhead(after, last)
      return after ?? last
    },

    /** `operations`: those of the API that write, by which kinds of the desk are named. */
    async createIn(
      tx: Db,
      caller: Caller,
      asked: WebhookCreate,
      { place, operations }: { place: number; operations: string[] },
    ): Promise<WebhookCreated> {
      refuseUnknownKinds(asked.kinds ?? [], operations)
      const store = webhookStore(tx, tables)
      if ((await store.count()) >= WEBHOOKS_MAX) {
        throw new Problem('invalid-transition', `There are ${WEBHOOKS_MAX} endpoints already. Delete one first.`)
      }
      const now = clock.now()
      const { format = 'standard', isActive = true } = asked
      const row: WebhookRow = {
        id: ids(),
        name: asked.name,
        url: asked.url,
        format,
        kinds: asked.kinds ?? [],
        sections: asked.sections ?? [],
        service: asked.service ?? null,
        paths: asked.paths ?? [],
        secret: format === 'standard' ? makeSigningSecret() : null,
        formerSecret: null,
        formerSecretUntil: null,
        token: asked.token ?? null,
        version: 1,
        ...activity(isActive, now),
        failingSince: null,
        pausedUntil: null,
        place,
        createdAt: now,
        createdById: caller.id,
        createdByName: caller.name,
        updatedAt: now,
        updatedById: caller.id,
        updatedByName: caller.name,
      }
      refuseUnfit(row, policy, hasTags)
      await store.insert(row)
      return { ...shown(row), secret: row.secret }
    },

    /** Changes an endpoint. Switched on again, all that waits is tried at once. */
    async patchIn(
      tx: Db,
      caller: Caller,
      id: string,
      versions: Versions,
      { patch, operations }: { patch: WebhookPatch | JsonPatch; operations: string[] },
    ) {
      const held = await heldIn(tx, id, versions)
      const { token: given, ...rest } = Array.isArray(patch) ? {} : patch
      const present = fieldsOf(held)
      const fields = checked(
        WebhookFields,
        Array.isArray(patch) ? applyJsonPatch(present, patch) : { ...present, ...rest },
      )
      refuseUnknownKinds(fields.kinds, operations)
      if (given === undefined) refuseToCarry(held, fields.url)
      const token = given === undefined ? held.token : given
      const now = clock.now()
      const isSwitched = fields.isActive !== held.isActive
      const changes = { ...fields, token, ...(isSwitched && activity(fields.isActive, now)) }
      const isOn = isSwitched && fields.isActive
      // An endpoint that settings forbid since can still be switched off, and called otherwise.
      const isOther = (['url', 'service', 'paths', 'token'] as const).some(
        (name) => !isDeepStrictEqual(held[name], changes[name]),
      )
      if (isOn || isOther) refuseUnfit({ ...held, ...changes }, policy, hasTags)
      const written = await updateIn(tx, caller, held, {
        ...changes,
        ...(isOn && { failingSince: null, pausedUntil: null }),
      })
      if (isOn) await deliveryStore(tx, tables).refresh(id, now)
      const names = Object.keys({ ...fields, token }) as (keyof typeof changes & keyof WebhookRow)[]
      const changed = names.filter((name) => JSON.stringify(held[name]) !== JSON.stringify(written[name]))
      return { webhook: shown(written), changed } satisfies ChangedWebhook
    },

    /** A new secret. The present one goes on signing for a day, so that the receiver can change in peace. */
    async rotateIn(tx: Db, caller: Caller, id: string, versions: Versions): Promise<WebhookCreated> {
      const held = await heldIn(tx, id, versions)
      if (held.secret === null) {
        throw new Problem('invalid-transition', `Nothing that the format ${held.format} sends is signed.`)
      }
      const secret = makeSigningSecret()
      const former = { formerSecret: held.secret, formerSecretUntil: later(clock.now(), FORMER_SECRET_MS) }
      return { ...shown(await updateIn(tx, caller, held, { secret, ...former })), secret }
    },

    async deleteIn(tx: Db, id: string, versions: Versions): Promise<void> {
      await heldIn(tx, id, versions)
      await deliveryStore(tx, tables).removeAll(id)
      await webhookStore(tx, tables).remove(id)
    },
  }
}

const activity = (isActive: boolean, now: string) => ({
  isActive,
  disabledReason: isActive ? null : ('desk' as const),
  disabledAt: isActive ? null : now,
})

const fieldsOf = ({ name, url, kinds, sections, service, paths, isActive }: WebhookRow): WebhookFields => ({
  ...{ name, url, kinds, sections, service, paths, isActive },
})
