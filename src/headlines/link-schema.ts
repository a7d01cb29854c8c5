import * as z from 'zod'
import { Image } from '../articles/schema.ts'
import { instant, line, prose, slug, uuid, webAddress } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

// One headline link, in whichever list it stands.

export const RailKey = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'Must be lower-case letters, digits and single hyphens, as in "home-top"',
  })

const ArticleTarget = z
  .strictObject({ kind: z.literal('article'), id: uuid })
  .meta({ id: 'ArticleTarget', description: 'An article of ours; headline and address follow it' })

const UrlTarget = z
  .strictObject({ kind: z.literal('url'), url: webAddress })
  .meta({ id: 'UrlTarget', description: 'A page elsewhere' })

const RailTarget = z
  .strictObject({ kind: z.literal('rail'), key: RailKey })
  .meta({ id: 'RailTarget', description: 'A rail of ours; the front end knows where it is' })

const latest = z
  .boolean()
  .optional()
  .meta({ description: 'Whether the newest article there that readers see is meant, instead of the page of it' })
const SectionTarget = z
  .strictObject({ kind: z.literal('section'), slug, latest })
  .meta({ id: 'SectionTarget', description: 'A section, or the newest article of it' })
const TagTarget = z
  .strictObject({ kind: z.literal('tag'), slug, latest })
  .meta({ id: 'TagTarget', description: 'A tag, or the newest article that has it' })

export const LinkTarget = z
  .discriminatedUnion('kind', [ArticleTarget, UrlTarget, RailTarget, SectionTarget, TagTarget])
  .meta({ id: 'LinkTarget', description: 'What a headline link points at' })
export type LinkTarget = z.output<typeof LinkTarget>

const SublinkTarget = z
  .discriminatedUnion('kind', [ArticleTarget, UrlTarget])
  .meta({ id: 'SublinkTarget', description: 'What a headline below another points at' })

export const Prominence = z
  .enum(['low', 'normal', 'high', 'max'])
  .meta({ id: 'Prominence', description: 'How much room the headline should get' })

export const LINKS_MAX = 500
const SUBLINKS_MAX = 5
/** Each of these is looked for anew whenever somebody reads the list. */
export const LATEST_MAX = 20

interface Pointing {
  headline?: string | null | undefined
  target?: LinkTarget | null | undefined
}
/** An article brings its headline along, whichever it will be. */
const needsHeadline = {
  check: ({ headline, target }: Pointing) => typeof headline === 'string' || bringsHeadline(target ?? null),
  error: 'A link needs a headline unless it points at an article',
}
const bringsHeadline = (target: LinkTarget | null): boolean => target?.kind === 'article' || isLatest(target)

/** Whether a link points at whatever is the newest article of a section or tag. */
export const isLatest = (target: LinkTarget | null): target is LatestTarget =>
  (target?.kind === 'section' || target?.kind === 'tag') && target.latest === true
export type LatestTarget = Extract<LinkTarget, { kind: 'section' | 'tag' }>

const SublinkWrite = z
  .strictObject({
    id: uuid.optional().meta({ description: 'Of a headline that stands below this link already' }),
    headline: line(300).nullish().meta({ description: 'Needed unless the target is an article' }),
    kicker: line(100).nullish(),
    target: SublinkTarget.nullish().meta({ description: 'null for a pending headline' }),
  })
  .refine(needsHeadline.check, { error: needsHeadline.error, path: ['headline'] })
  .meta({ id: 'SublinkWrite', description: 'A headline below another one' })

const linkFields = {
  headline: line(300)
    .nullish()
    .meta({ description: "Needed unless the target is an article; then it overrides the article's" }),
  kicker: line(100).nullish(),
  summary: prose(2000).nullish(),
  byline: line(300).nullish(),
  image: Image.nullish(),
  hideImage: z.boolean().optional().meta({ description: 'Whether it has no image, not even that of its article' }),
  label: line(50).nullish().meta({ description: 'As in "live", "analysis", "sponsored"' }),
  prominence: Prominence.optional(),
  pin: z
    .int()
    .min(0)
    .max(LINKS_MAX - 1)
    .nullish()
    .meta({ description: 'The place that it keeps among what readers get, from 0; null where it has none' }),
  startsAt: instantInput.nullish().meta({ description: 'Readers do not see it before' }),
  endsAt: instantInput.nullish().meta({ description: 'Readers do not see it from then on' }),
  target: LinkTarget.nullish().meta({ description: 'null for a pending headline: its story is not written yet' }),
  sublinks: z.array(SublinkWrite).max(SUBLINKS_MAX).optional().meta({ description: 'Headlines below this one' }),
  note: prose(2000).nullish().meta({ description: 'For the desk. Never delivered' }),
  followsStory: z.boolean().optional().meta({
    description:
      'Whether a pending headline, also one below it, is pointed at the article of that headline when it is published',
    example: true,
  }),
}

interface Window {
  startsAt?: string | null | undefined
  endsAt?: string | null | undefined
}
export const endsLater = {
  check: ({ startsAt, endsAt }: Window) =>
    typeof startsAt !== 'string' || typeof endsAt !== 'string' || endsAt > startsAt,
  error: 'Must be later than `startsAt`',
}

export const HeadlineLinkCreate = z
  .strictObject(linkFields)
  .refine(needsHeadline.check, { error: needsHeadline.error, path: ['headline'] })
  .refine(endsLater.check, { error: endsLater.error, path: ['endsAt'] })
  .meta({ id: 'HeadlineLinkCreate', description: 'A new headline link' })

export const HeadlineLinkWrite = z
  .strictObject({
    id: uuid
      .optional()
      .meta({ description: 'Of a link that is in the list already. Alone it keeps the link as it is' }),
    ...linkFields,
  })
  .refine((link) => isKept(link) || needsHeadline.check(link), { error: needsHeadline.error, path: ['headline'] })
  .refine(endsLater.check, { error: endsLater.error, path: ['endsAt'] })
  .meta({
    id: 'HeadlineLinkWrite',
    description: 'One link of a whole list; `{"id": …}` alone only says where it stands now',
  })

export const HeadlineLinkPatch = z
  .strictObject(linkFields)
  .partial()
  .meta({ id: 'HeadlineLinkPatch', description: 'A JSON Merge Patch (RFC 7396) of one link' })

export type LinkFields = z.output<typeof HeadlineLinkPatch> & { id?: string | undefined }

/** Whether a link is only named: it keeps its fields, and its place in the new list is all that is said. */
export const isKept = (link: LinkFields): boolean => link.id !== undefined && Object.keys(link).length === 1

/** A stored headline below another. */
export interface StoredSublink {
  id: string
  headline: string | null
  kicker: string | null
  target: z.output<typeof SublinkTarget> | null
}

/** A stored link: all its fields, its id, its place being its index. */
export interface StoredLink {
  id: string
  headline: string | null
  kicker: string | null
  summary: string | null
  byline: string | null
  image: z.output<typeof Image> | null
  hideImage: boolean
  label: string | null
  prominence: z.output<typeof Prominence>
  pin: number | null
  startsAt: string | null
  endsAt: string | null
  target: LinkTarget | null
  sublinks: StoredSublink[]
  note: string | null
  followsStory: boolean
}

/** A link that was taken out of its list, where it stood, when and by whom. */
export interface RemovedLink {
  link: StoredLink
  position: number
  removedAt: string
  removedBy: { id: string; name: string }
}

const Sublink = z
  .strictObject({
    id: uuid,
    headline: z.string().nullable(),
    kicker: z.string().nullable(),
    target: SublinkTarget.nullable(),
  })
  .meta({ id: 'EditorialSublink', description: 'A headline below another one' })

export const storedLink = {
  id: uuid,
  position: z.int().meta({ description: "From 0, in the desk's order" }),
  headline: z.string().nullable(),
  kicker: z.string().nullable(),
  summary: z.string().nullable(),
  byline: z.string().nullable(),
  image: Image.nullable(),
  hideImage: z.boolean(),
  label: z.string().nullable(),
  prominence: Prominence,
  pin: z.int().nullable().meta({ description: 'The place that it keeps among what readers get; null without one' }),
  startsAt: instant.nullable(),
  endsAt: instant.nullable(),
  target: LinkTarget.nullable(),
  sublinks: z.array(Sublink),
  note: z.string().nullable(),
  followsStory: z.boolean(),
}

export const LinkState = z.enum(['ok', 'pending', 'scheduled', 'expired', 'unpublished', 'missing']).meta({
  id: 'LinkState',
  description:
    'Whether readers see it now: `pending` has no story yet (they see the headline), `scheduled` comes later by its own time or its target, `expired` is over, `unpublished` is a target that readers do not see, `missing` one that is gone. Values may be added',
})
export type LinkState = z.output<typeof LinkState>

/** Where a link stands that may stand below another. */
export const below = {
  position: z.int().meta({
    description: "From 0, in the desk's order; of a headline below another, the place of that one",
  }),
  parentId: uuid.nullable().meta({
    description: 'The link that it stands below; null for one that stands in the list itself',
  }),
}

export const EditorialHeadlineLink = z
  .strictObject({ ...storedLink, state: LinkState })
  .meta({ id: 'EditorialHeadlineLink', description: 'A headline link as the desk sees it' })
