import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { noteEvent } from '../events/notes.ts'
import type { EventPayload, PublicKind } from '../events/schema.ts'
import { showingIn } from '../headlines/showing.ts'
import { ARTICLES, articleTag } from '../shared/cache-tags.ts'
import { changedBetween } from './rules.ts'
import { type Told, tellingStore } from './telling-store.ts'

// Tells the log what has happened to an article that readers see. What they do not see is not told.

/** What an edition is told by; `before` is what readers had until it began, if anything. */
interface Begun {
  edition: Told
  before: Told | undefined
  isCorrection: boolean
}

/** `at` is the instant of what is told: what readers did not have then is not named. */
export function telling(tx: Db, tables: Tables, at: string) {
  const store = tellingStore(tx, tables)

  /** By which names caches take out what shows an article: its own, that of all lists, and those of articles with a link to it. */
  async function tagsOf(id: string): Promise<string[]> {
    const owners = (await store.ownersOf(id, at)).map(({ listId }) => listId)
    // What a link leads to whose time it is not, nobody is told.
    const showing = await showingIn(tx, tables, [...new Set(owners)], id, at)
    return [...new Set([articleTag(id), ARTICLES, ...showing.map(articleTag)])]
  }

  /** What readers get otherwise than before. */
  async function changedFrom(before: Told, edition: Told): Promise<string[]> {
    const isBody = await store.isBodyChanged(edition.articleId, before.edition, edition.edition)
    return changedBetween(before, edition, isBody)
  }

  const tell = (kind: PublicKind, id: string, payload: EventPayload): void =>
    noteEvent(tx, { kind, subjectKind: 'article', subjectId: id, payload })

  const faceOf = async ({ articleId, edition, slug, card, sections }: Told): Promise<EventPayload> => {
    const { headline, language } = JSON.parse(`{${card}}`) as { headline: string; language: string }
    return {
      version: edition,
      slug,
      headline,
      language,
      sections: sections?.toSorted() ?? (await store.sectionsOf(articleId, edition)),
    }
  }

  return {
    /** An edition has begun: readers have it, in the place of another or not. */
    async begun({ edition, before, isCorrection }: Begun): Promise<void> {
      const { articleId: id, slug } = edition
      const payload = { ...(await faceOf(edition)), tags: await tagsOf(id) }
      const kind = before === undefined ? 'published' : isCorrection ? 'corrected' : 'updated'
      const former = before && before.slug !== slug ? { formerSlug: before.slug } : {}
      const left = before
        ? (await store.sectionsOf(before.articleId, before.edition)).filter((key) => !payload.sections?.includes(key))
        : []
      const changed = before
        ? { changed: await changedFrom(before, edition), ...(left.length > 0 && { formerSections: left }) }
        : {}
      tell(`article.${kind}`, id, { ...payload, ...former, ...changed })
      if (before && before.slug !== slug) tell('article.moved', id, { ...payload, ...former, changed: ['slug'] })
    },

    /**
     * Readers have it no more, and it is told without its headline; of what is erased the id alone. `edition` is what ended by the
     * clock, after which others may have begun. To be called before editions are sealed. What is planned is not named.
     */
    async ended(
      kind: 'withdrawn' | 'expired' | 'killed' | 'erased',
      id: string,
      { edition, ...more }: EventPayload & { edition?: Told } = {},
    ): Promise<void> {
      const last = edition ?? (await store.begunBy(id, at))
      const { headline: _, ...face } = last && kind !== 'erased' ? await faceOf(last) : {}
      // Whoever has ever had it in a section has to know that it is gone.
      if (last && 'sections' in face) face.sections = await store.sectionsOf(id, last.edition, true)
      // What was gone before has left every page already: whoever has pointed a link at it since then has not shown that.
      const wasSeen = kind === 'withdrawn' || kind === 'expired' || (last !== undefined && last.liveUntil > at)
      const tags = wasSeen ? await tagsOf(id) : [articleTag(id), ARTICLES]
      tell(`article.${kind}`, id, { ...face, ...more, tags })
    },
  }
}
