import { isDeepStrictEqual } from 'node:util'
// What the program has to do, said once more and as simply as possible: per article a list of intervals, and what is
// planned beside it. Nothing here is taken from src. Instants are numbers of milliseconds.

export interface Words {
  headline: string
  slug: string
  section: string
  tag: string
}
export interface Edition {
  number: number
  words: Words
  contentVersion: number
  from: number
  until: number
  publishedAt: number
  updatedAt: number
  corrections: { text: string; at: number }[]
  embargo: boolean
  /** Its end was not asked for when it was published. */
  byHand?: boolean
}
export interface Options {
  liveFrom?: number
  liveUntil?: number
  embargo?: boolean
  kind?: 'update' | 'minor' | 'correction'
  text?: string
}

const clipped = (editions: Edition[], at: number): Edition[] =>
  editions.map((each) => ({ ...each, until: Math.min(each.until, at) }))

export class Piece {
  readonly id: string
  words: Words
  version = 1
  contentVersion = 1
  editions = 0
  /** What has begun, with the end that is settled for it. */
  past: Edition[] = []
  plan: Edition | undefined
  fate: 'alive' | 'trashed' | 'killed' | 'erased' = 'alive'
  wasKilled = false

  constructor(id: string, words: Words) {
    this.id = id
    this.words = words
  }

  /** All that was ever visible, is, and will be, if nobody does anything more. */
  timeline(): Edition[] {
    if (this.fate === 'killed' || this.fate === 'erased') return []
    return this.plan ? [...clipped(this.past, this.plan.from), this.plan] : this.past
  }
  at(instant: number): Edition | undefined {
    const seen = this.timeline().filter(({ from, until }) => from <= instant && instant < until)
    if (seen.length > 1) throw new Error('The model shows two editions at once')
    return seen[0]
  }
  /** Whether readers who ask for this slug are told of the article. */
  isKnownAs(slug: string, instant: number): boolean {
    const all = this.plan ? [...this.past, this.plan] : this.past
    return all.some((each) => each.words.slug === slug && each.from <= instant)
  }
  current(now: number): Edition | undefined {
    return this.plan && this.plan.from <= now ? this.plan : this.past.at(-1)
  }
  ahead = (now: number): Edition | undefined => (this.plan && now < this.plan.from ? this.plan : undefined)
  wasPublic = (now: number): boolean => this.current(now) !== undefined
  isOut = (now: number): boolean => (this.current(now)?.until ?? 0) > now

  state(now: number): string {
    if (this.fate !== 'alive') return this.fate
    const current = this.current(now)
    if (current && current.from <= now && now < current.until)
      return current.contentVersion === this.contentVersion ? 'live' : 'liveWithChanges'
    if (this.ahead(now)) return 'scheduled'
    // By a clock that was set back.
    if (current && now < current.from && current.from < current.until) return 'scheduled'
    return current ? 'withdrawn' : 'draft'
  }

  /** What was planned has begun, and is a fact; or it is taken back. */
  private clear(now: number): Edition | undefined {
    const taken = this.ahead(now)
    // Its number comes again: readers see no gap.
    if (taken) this.editions--
    this.past = taken ? this.past : this.timeline()
    this.plan = undefined
    return taken
  }

  // Each answers the status that the program has to give.

  edit(words: Partial<Words>): number {
    const refused = this.refused()
    if (refused) return refused
    const before = this.words
    this.words = { ...before, ...words }
    this.version++
    // The same words once more are a version, and no change that is still to be published.
    if (!isDeepStrictEqual(this.words, before)) this.contentVersion = this.version
    return 200
  }

  publish(now: number, { liveFrom, liveUntil, embargo, kind, text }: Options): number {
    const from = liveFrom ?? now
    // An end that stands stays where nothing is said of one.
    const current = this.current(now)
    const isLive = current !== undefined && current.from <= now && now < current.until
    const standing = this.ahead(now) ?? (isLive && !current.byHand ? current : undefined)
    const until = liveUntil ?? (standing && standing.until > from ? standing.until : Number.POSITIVE_INFINITY)
    if (embargo && liveFrom === undefined) return 422
    if (this.fate === 'erased') return 404
    if (this.fate !== 'alive') return 409
    if ((liveFrom !== undefined && from <= now) || until <= now || until <= from) return 422
    const taken = this.clear(now)
    const last = this.past.at(-1)
    const bringsUpdate = taken !== undefined && taken.updatedAt === taken.from
    const isSame = kind === undefined && this.contentVersion === (taken ?? last)?.contentVersion
    const stays = last !== undefined && !bringsUpdate && (isSame || kind === 'minor')
    const earlier = ((taken ?? last)?.corrections ?? []).map((each) => (each.at > now ? { ...each, at: from } : each))
    const edition = {
      number: ++this.editions,
      words: this.words,
      contentVersion: this.contentVersion,
      from,
      until,
      publishedAt: this.past[0]?.from ?? from,
      updatedAt: stays ? last.updatedAt : from,
      corrections: kind === 'correction' ? [...earlier, { text: text ?? '', at: from }] : earlier,
      embargo: embargo ?? false,
    }
    this.version++
    if (from > now) this.plan = edition
    else this.past = [...clipped(this.past, now), edition]
    return 200
  }

  unschedule(now: number): number {
    if (this.fate !== 'erased' && !(this.fate === 'alive' && this.ahead(now))) return 409
    return this.refused() || this.step(() => this.clear(now))
  }
  withdraw(now: number): number {
    if (this.fate === 'alive' && !this.isOut(now)) return 409
    return this.refused() || this.step(() => this.end(now))
  }
  trash(now: number): number {
    return (
      this.refused() ||
      this.step(() => {
        this.end(now)
        this.fate = 'trashed'
      })
    )
  }
  restore(_now: number): number {
    if (this.fate === 'erased') return 404
    if (this.fate !== 'trashed') return 409
    return this.step(() => {
      this.fate = 'alive'
    })
  }
  kill(now: number): number {
    if (this.fate === 'erased') return 404
    if (this.fate === 'killed' || !this.wasPublic(now)) return 409
    return this.step(() => {
      this.end(now)
      this.fate = 'killed'
      this.wasKilled = true
    })
  }
  erase(): number {
    if (this.fate === 'erased') return 404
    if (this.fate === 'alive') return 409
    this.fate = 'erased'
    return 204
  }

  private refused = (): number => (this.fate === 'alive' ? 0 : this.fate === 'erased' ? 404 : 409)
  private step(work: () => void): number {
    work()
    this.version++
    return 200
  }
  private end(now: number): void {
    this.clear(now)
    this.past = this.past.map((each) => (each.until > now ? { ...each, until: now, byHand: true } : each))
  }
}
