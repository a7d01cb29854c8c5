import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { articleTag, RAILS, railTag } from '../shared/cache-tags.ts'
import type { Clock } from '../shared/clock.ts'
import { headlineStore, type ListRow } from './store.ts'

type Told = Pick<ListRow, 'id' | 'key' | 'version'>

/** Tells the log of lists that readers see. */
export const listTelling = ({ tables }: Pick<Database, 'tables'>, clock: Clock) => ({
  /** Readers have something else of a list: of an article's only where they have that. `changed` names what of a rail, where it is known. */
  async changedIn(tx: Db, { id, key, version }: Told, changed?: string[]): Promise<void> {
    if (key !== null) {
      const payload = { version, ...(changed && { changed }), tags: [railTag(key), RAILS] }
      noteEvent(tx, { kind: 'rail.changed', subjectKind: 'rail', subjectId: key, payload })
    } else if ((await headlineStore(tx, tables).visibleOf([id], clock.now())).length > 0) {
      const payload = { changed: ['headlines'], tags: [articleTag(id)] }
      noteEvent(tx, { kind: 'article.updated', subjectKind: 'article', subjectId: id, payload })
    }
  },

  /** A rail is about to be deleted: tells it where readers have it. */
  async deletedIn(tx: Db, key: string, version: number): Promise<void> {
    if (!(await headlineStore(tx, tables).keysShown([key], clock.now())).has(key)) return
    const payload = { version, tags: [railTag(key), RAILS] }
    noteEvent(tx, { kind: 'rail.deleted', subjectKind: 'rail', subjectId: key, payload })
  },
})
