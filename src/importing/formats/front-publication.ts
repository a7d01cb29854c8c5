import { isObject } from '../../shared/json.ts'
import { instantOf } from './dates.ts'
import type { Publication } from './format.ts'
import type { Head } from './front-head.ts'

// Whether readers had a document, by its head. What is not said there is not guessed: a document in doubt is a draft, and says why.

/** `dated` is the date in the name of its file; `doubts` are reasons, known already, for which it is not made public. */
export function publicationOf(
  head: Head,
  { isDraft, dated, doubts }: { isDraft: boolean; dated: string | undefined; doubts: string[] },
  warnings: string[],
): Publication {
  const reasons = [...doubts]
  const dateIn = (names: string[], tell = (why: string) => reasons.push(why)): string | undefined => {
    const { name, value } = head.first(...names) ?? {}
    if (name === undefined) return undefined
    const at = instantOf(value)
    if (at !== undefined) head.drop(name)
    else tell(`Its ${name} "${String(value)}" is no date that can be read`)
    return at
  }
  const leaveOut = (why: string) => warnings.push(`${why}, and is left out.`)
  const date = dateIn(['date']) ?? instantOf(dated)
  // Some write the date as what it was published at, others only that it was.
  const isDated = instantOf(head.first('published')?.value) !== undefined
  const published = dateIn(['publishdate', 'pubdate', 'published_at', ...(isDated ? ['published'] : [])]) ?? date
  const updatedAt = dateIn(['lastmod', 'updated', 'modified', 'last_modified_at'], leaveOut)
  const liveUntil = dateIn(['expirydate', 'unpublishdate'])
  if (isDraft || saysDraft(head)) return { state: 'draft' }
  if (published === undefined && reasons.length === doubts.length) reasons.push('It has no date')
  if (reasons.length === 0) return { state: 'published', publishedAt: published, updatedAt, liveUntil }
  warnings.push(...reasons.map((why) => `${why}: it comes as a draft.`))
  return { state: 'draft' }
}

const NO = new Set(['false', 'no', 'off', 'n', '0'])
const NOT_PUBLIC = /draft|private|pending|hidden|unpublished|unlisted|review|trash|password/i

/** Hugo makes no page of it, or names it in no list. */
const isNotMade = (build: unknown): boolean =>
  isObject(build) && [build.render, build.list].some((value) => /^(?:never|false|local)$/i.test(String(value)))

/** Every way in which a head says that not everybody may read it. */
function saysDraft(head: Head): boolean {
  const isNo = (value: unknown) => NO.has(String(value).trim().toLowerCase())
  const published = head.first('published')
  const isUnpublished = published !== undefined && isNo(published.value)
  if (published !== undefined && (isUnpublished || /^(?:true|yes|on|y|1)$/i.test(String(published.value))))
    head.drop('published')
  const marks = ['draft', 'private', 'hidden', 'unlisted', 'headless'].flatMap((name) => head.first(name) ?? [])
  for (const { name } of marks) head.drop(name)
  const states = ['status', 'state', 'post_status', 'visibility'].flatMap((name) => head.first(name) ?? [])
  return (
    isUnpublished ||
    marks.some(({ value }) => !isNo(value)) ||
    states.some(({ value }) => NOT_PUBLIC.test(String(value))) ||
    head.first('password') !== undefined ||
    ['_build', 'build'].some((name) => isNotMade(head.first(name)?.value))
  )
}
