import type { Caller } from '../access/schema.ts'
import { hasBeenPublic, refuseAtRest, stateOf } from '../articles/rules.ts'
import type { ArticleService, Changed } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import type { Versions } from '../shared/versions.ts'
import type { ClockNotes } from './due.ts'
import { eraseArticle } from './erasure.ts'
import { canBeWithdrawn, plannedOf, refuseInRelease, withoutPlan } from './rules.ts'
import type { Kill } from './schema.ts'
import { publishingStore } from './store.ts'
import { telling } from './telling.ts'

// The ways in which an article leaves the readers, and comes back to the desk. Each is one transaction with its version.

interface Dependencies {
  db: Database
  clock: Clock
  articles: ArticleService
  noteDue: ClockNotes
}

export function endings({ db, clock, articles, noteDue }: Dependencies) {
  const { tables } = db

  /**
   * Clears the way for what follows a transition: takes back the edition that was planned, with the slugs that were held
   * for it, or lets one that has begun stay. Answers what was taken back.
   */
  async function clear(tx: Db, { id, slug }: Changed['article'], planned: number | undefined) {
    const store = publishingStore(tx, tables)
    if (planned === undefined) {
      await store.settle(id)
      return undefined
    }
    const taken = await store.takeBack(id, planned)
    await articles.freeSlugsIn(tx, id, [slug, ...(await store.slugsOf(id))])
    return taken
  }

  /** A transition that takes the article from the readers, if they have it, and cancels what was planned. */
  async function endIn(
    tx: Db,
    caller: Caller,
    id: string,
    versions: Versions,
    action: 'withdraw' | 'trash',
    note?: string,
  ) {
    let at = ''
    let planned: number | undefined
    let wasOut = false
    const ended = await articles.advanceIn(tx, caller, id, versions, async ({ article }, now) => {
      at = now
      planned = plannedOf(article)
      const state = stateOf(article, now)
      refuseAtRest(article, action === 'trash' ? 'trash' : 'withdraw')
      await noteDue(tx, now, [id], false)
      const isOut = canBeWithdrawn(article, now)
      wasOut = isOut
      if (action === 'withdraw' && !isOut) {
        const instead = state === 'scheduled' ? ' Unschedule it instead.' : ''
        throw new Problem('invalid-transition', `Only a live article can be withdrawn; this one is ${state}.${instead}`)
      }
      return {
        action,
        ...(note !== undefined && { note }),
        standing: {
          ...withoutPlan(article),
          ...(isOut && { liveUntil: now, withdrawn: true }),
          ...(action === 'trash' && { trashedAt: now }),
        },
      }
    })
    await clear(tx, ended.article, planned)
    await publishingStore(tx, tables).end(id, at)
    if (wasOut) await telling(tx, tables, at).ended('withdrawn', id)
    return ended
  }

  return {
    clear,

    withdrawIn: (tx: Db, caller: Caller, id: string, versions: Versions, note?: string) =>
      endIn(tx, caller, id, versions, 'withdraw', note),

    trashIn: (tx: Db, caller: Caller, id: string, versions: Versions, note?: string) =>
      endIn(tx, caller, id, versions, 'trash', note),

    restoreIn: (tx: Db, caller: Caller, id: string, versions: Versions, note?: string) =>
      articles.advanceIn(tx, caller, id, versions, async ({ article }) => {
        if (article.killedAt !== null) refuseAtRest(article, 'restore')
        if (article.trashedAt === null) throw new Problem('invalid-transition', 'The article is not in the trash.')
        return { action: 'restore', ...(note !== undefined && { note }), standing: { trashedAt: null } }
      }),

    /** Takes back what was planned; what readers see now goes on. `releaseId` is the release that does it. */
    async unscheduleIn(
      tx: Db,
      caller: Caller,
      id: string,
      versions: Versions,
      note?: string,
      releaseId: string | null = null,
    ) {
      let planned: number | undefined
      const done = await articles.advanceIn(tx, caller, id, versions, async ({ article }, now) => {
        planned = plannedOf(article)
        refuseAtRest(article, 'unschedule')
        if (article.scheduledFrom === null) {
          throw new Problem(
            'invalid-transition',
            `Nothing is scheduled for this article; it is ${stateOf(article, now)}.`,
          )
        }
        if (article.releaseId !== releaseId) refuseInRelease(article)
        return { action: 'unschedule', ...(note !== undefined && { note }), standing: withoutPlan(article) }
      })
      await clear(tx, done.article, planned)
      return done
    },

    /**
     * Takes an article away for good: it is answered 410 with the reason, is in no list, link or past any more, and
     * nobody can write it again. Only what has been public: a draft that was never seen needs no 410.
     */
    async killIn(tx: Db, caller: Caller, id: string, versions: Versions, { reason, note }: Kill): Promise<Changed> {
      let planned: number | undefined
      const killed = await articles.advanceIn(tx, caller, id, versions, async ({ article }, now) => {
        planned = plannedOf(article)
        if (article.killedAt !== null) throw new Problem('invalid-transition', 'The article was killed already.')
        if (!hasBeenPublic(article, now)) {
          const instead =
            article.scheduledFrom === null ? 'Put it in the trash.' : 'Unschedule it, or put it in the trash.'
          throw new Problem('invalid-transition', `Only what has been public can be killed. ${instead}`)
        }
        await noteDue(tx, now, [id], false)
        return {
          action: 'kill',
          ...(note !== undefined && { note }),
          standing: {
            ...withoutPlan(article),
            ...(canBeWithdrawn(article, now) && { liveUntil: now, withdrawn: true }),
            trashedAt: null,
            killedAt: now,
            killReason: reason,
          },
        }
      })
      await clear(tx, killed.article, planned)
      await telling(tx, tables, killed.article.killedAt ?? clock.now()).ended('killed', id, { reason })
      await publishingStore(tx, tables).seal(id)
      await articles.buryIn(tx, id, { reason, wasPublic: true })
      return killed
    },

    /** Erases an article that is in the trash or was killed, with all that was ever written of it. Leaves a tombstone. */
    async eraseIn(tx: Db, caller: Caller, id: string, versions: Versions, confirm: string): Promise<void> {
      if (confirm !== id) {
        throw invalidField(
          '#/confirm',
          'not-the-id',
          `Must be the id of the article, "${id}", so that nothing is erased by a slip.`,
        )
      }
      const { article } = await articles.advanceIn(tx, caller, id, versions, async ({ article }, at) => {
        if (article.trashedAt === null && article.killedAt === null) {
          throw new Problem('invalid-transition', 'Only what is in the trash or was killed can be erased.')
        }
        await noteDue(tx, at, [id], false)
        return { action: 'erase' }
      })
      const now = clock.now()
      const wasPublic = hasBeenPublic(article, now)
      await articles.buryIn(tx, id, { reason: null, wasPublic })
      if (wasPublic) await telling(tx, tables, now).ended('erased', id)
      await eraseArticle(tx, tables, id)
    },
  }
}
