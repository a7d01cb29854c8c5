import { hashSecret, makeSecret } from '../access/rules.ts'
import { type Caller, may } from '../access/schema.ts'
import type { AccessService } from '../access/service.ts'
import { refuseAtRest } from '../articles/rules.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import type { BodyForm } from '../delivery/schema.ts'
import type { DeliveryService } from '../delivery/service.ts'
import type { RailService } from '../headlines/rails.ts'
import { renderForm } from '../publishing/edition.ts'
import type { PublishingService } from '../publishing/service.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { isOpen } from './rules.ts'
import { EXPIRES_IN_S, type Preview, type PreviewCreate, type PreviewCreated } from './schema.ts'
import { type PreviewRow, previewStore } from './store.ts'

// Owns the addresses that show something before it is public, to whoever has them. An address holds 256 random bits, and
// only their digest is stored: nobody can make one up, each can be taken back by itself, and there is no signing secret
// to keep, to share among nodes and to change. Promises that an address shows no more than who made it may see now.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  access: AccessService
  articles: ArticleService
  rails: RailService
  publishing: PublishingService
  delivery: DeliveryService
  /** The address under which readers reach this server. */
  origin: string
}

export type PreviewService = ReturnType<typeof previewService>

export function previewService(dependencies: Dependencies) {
  const { db, clock, ids, access, articles, rails, publishing, delivery, origin } = dependencies
  const { tables } = db

  /** What the new preview is to show; 422 for what is not there, or what the caller may not know of. */
  async function subjectIn(tx: Db, caller: Caller, { articleId, railKey }: PreviewCreate) {
    if (articleId !== undefined) {
      const found = await articles.lookForIn(tx, caller, articleId)
      if (!found) throw invalidField('#/articleId', 'unknown-article', 'There is no article with this id.')
      refuseAtRest(found.article, 'preview')
      return { kind: 'article' as const, subject: articleId }
    }
    const rail = await rails.findIn(tx, railKey ?? '').catch((error: unknown) => {
      const isUnknown = error instanceof Problem && error.code === 'not-found'
      throw isUnknown ? invalidField('#/railKey', 'unknown-rail', 'There is no rail with this key.') : error
    })
    return { kind: 'rail' as const, subject: rail.list.key ?? '' }
  }

  /** A preview as it is open at this instant, and who made it: with their key an address ends too. */
  async function openOn(on: Db, token: string): Promise<{ preview: PreviewRow; maker: Caller } | undefined> {
    const preview = await previewStore(on, tables).byHash(hashSecret(token))
    if (!preview || !isOpen(preview, clock.now())) return undefined
    const maker = await access.holderIn(on, preview.createdById)
    return maker && { preview, maker }
  }

  /** The article of a preview; undefined where its maker may not know of it any more, or it is put away. */
  async function shownOn(on: Db, maker: Caller, id: string) {
    const found = await articles.lookForIn(on, maker, id)
    return found && found.article.trashedAt === null && found.article.killedAt === null ? found : undefined
  }

  /** An article as it stands on the desk, in the form of delivery. */
  async function deskOn(still: Db, maker: Caller, id: string) {
    const found = await shownOn(still, maker, id)
    if (!found) return undefined
    const present = await delivery.presentOn(still, await publishing.draftOn(still, found))
    return (forms: BodyForm[]) =>
      present(Object.fromEntries(forms.map((form) => [form, renderForm(form, found.content.body)])))
  }

  /** The draft of a staged rail, in the form of delivery; what else is on the desk of a rail readers have. */
  async function draftOn(still: Db, maker: Caller, { subject, createdAt }: PreviewRow): Promise<string | undefined> {
    const draft = may(maker, 'rails:write') ? await rails.draftIn(still, subject, createdAt) : undefined
    return draft && delivery.presentRailOn(still, draft)
  }

  return {
    async createIn(tx: Db, caller: Caller, fields: PreviewCreate): Promise<PreviewCreated> {
      const store = previewStore(tx, tables)
      const { kind, subject } = await subjectIn(tx, caller, fields)
      const now = clock.now()
      // None of these can be open any more. The audit still knows who made them.
      await store.forget(later(now, -2_000 * EXPIRES_IN_S.max))
      const token = makeSecret('preview')
      const row: PreviewRow = {
        id: ids(),
        hash: hashSecret(token),
        kind,
        subject,
        showsAt: fields.at ?? null,
        note: fields.note ?? null,
        createdAt: now,
        createdById: caller.id,
        createdByName: caller.name,
        expiresAt: later(now, 1_000 * (fields.expiresInS ?? EXPIRES_IN_S.standard)),
        revokedAt: null,
      }
      await store.insert(row)
      return { ...shown(row), url: `${origin}/v1/previews/${token}` }
    },

    /** Those that are open: everybody's for editors, for others their own. */
    async list(caller: Caller, limit: number, place: Place | undefined): Promise<Preview[]> {
      const createdById = may(caller, 'articles:write') ? undefined : caller.id
      return (await previewStore(db.read, tables).list({ createdById, now: clock.now(), limit, place })).map(shown)
    },

    /** Revoking twice is the same as once. 404 for what others have made, unless the caller sees everything. */
    async revokeIn(tx: Db, caller: Caller, id: string): Promise<void> {
      const store = previewStore(tx, tables)
      const preview = await store.byId(id)
      const isTheirs = preview && (may(caller, 'articles:write') || preview.createdById === caller.id)
      if (!isTheirs) throw new Problem('not-found', 'There is no such preview.')
      await store.revoke(id, clock.now())
    },

    /**
     * What is at the address of a preview, as JSON in the form of delivery; undefined where nothing is shown (any more),
     * whatever the reason. `forms` are those of an article's body, where the caller has said which.
     */
    async show(token: string, forms: BodyForm[] | undefined): Promise<string | undefined> {
      const opened = await db.snapshot(async (still) => {
        const open = await openOn(still, token)
        if (!open) return undefined
        const { kind, subject, showsAt } = open.preview
        const isOfDesk = kind === 'article' && showsAt === null
        const draft = kind === 'rail' && showsAt === null ? await draftOn(still, open.maker, open.preview) : undefined
        return { ...open, draft, desk: isOfDesk && (await deskOn(still, open.maker, subject)) }
      })
      if (!opened) return undefined
      const { preview, maker, desk, draft } = opened
      if (desk !== false) return desk?.(forms ?? ['html'])
      const moment = preview.showsAt === null ? {} : { at: preview.showsAt }
      if (preview.kind === 'rail') {
        if (forms !== undefined) throw noBody()
        if (draft !== undefined) return draft
        return may(maker, 'rails:write') ? (await delivery.rail(preview.subject, moment))?.json : undefined
      }
      if (!(await shownOn(db.read, maker, preview.subject))) return undefined
      const answer = await delivery.article(preview.subject, forms ?? ['html'], moment)
      return answer && 'json' in answer ? answer.json : undefined
    },
  }
}

const noBody = () => {
  const detail = 'This is the preview of a rail, which has no body.'
  return new Problem('invalid-parameter', detail, { errors: [{ pointer: 'body', code: 'not-together', detail }] })
}

const shown = (row: PreviewRow): Preview => ({
  id: row.id,
  articleId: row.kind === 'article' ? row.subject : null,
  railKey: row.kind === 'rail' ? row.subject : null,
  at: row.showsAt,
  note: row.note,
  createdAt: row.createdAt,
  createdBy: { id: row.createdById, name: row.createdByName },
  expiresAt: row.expiresAt,
})
