import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { articleTag, RAILS, railTag } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import { listEditionStore } from './edition-store.ts'
import { windowsIn } from './showing.ts'
import { headlineStore, type ListRow } from './store.ts'

type Told = Pick<ListRow, 'id' | 'key'>

/** Tells the log of lists that readers see, without their versions, which count what the desk does. */
export function listTelling({ tables }: Pick<Database, 'tables'>, clock: Clock) {
  /** Readers have something else of a list: of an article's only where they have that. `changed` names what of a rail, where it is known. */
  async function changedIn(tx: Db, { id, key }: Told, changed?: string[]): Promise<void> {
    if (key !== null) {
      const payload = { ...(changed && { changed }), tags: [railTag(key), RAILS] }
      noteEvent(tx, { kind: 'rail.changed', subjectKind: 'rail', subjectId: key, payload })
    } else if ((await headlineStore(tx, tables).visibleOf([id], clock.now())).length > 0) {
      const payload = { changed: ['headlines'], tags: [articleTag(id)] }
      noteEvent(tx, { kind: 'article.updated', subjectKind: 'article', subjectId: id, payload })
    }
  }

  return {
    changedIn,

    /**
     * Tells what the clock alone has changed of a list since its present edition began, which is about to end: afterwards nobody
     * finds that. Links have come or gone by their time; or a story that `gone` led to has ended, which is told only when it is noted.
     */
    async passedIn(
      tx: Db,
      list: Told & Pick<ListRow, 'updatedAt'>,
      { items, needs }: { items: string; needs: string },
      gone: string[],
    ): Promise<void> {
      if (needs === 'null') return
      const { id, updatedAt } = list
      const passed = await listEditionStore(tx, tables).takeWindowsOf(id, updatedAt)
      const isPassed = await windowsIn(tx, tables, items, passed, updatedAt)
      if (isPassed || (await headlineStore(tx, tables).hasEnded(gone, updatedAt))) await changedIn(tx, list, ['items'])
    },

    /** A rail is about to be deleted: tells it where readers have it. */
    async deletedIn(tx: Db, key: string): Promise<void> {
      if (!(await headlineStore(tx, tables).keysShown([key], clock.now())).has(key)) return
      const payload = { tags: [railTag(key), RAILS] }
      noteEvent(tx, { kind: 'rail.deleted', subjectKind: 'rail', subjectId: key, payload })
    },
  }
}
