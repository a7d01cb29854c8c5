import * as z from 'zod'
import { Actor } from '../articles/schema.ts'
import { RailKey } from '../headlines/link-schema.ts'
import { instant, language, line, prose } from '../shared/fields.ts'

// Fronts: pages made of rails. headlines/schema.ts has the rails.

const RAILS_MAX = 50
const PRIORITY_MAX = 100

const FrontRailWrite = z
  .strictObject({
    key: RailKey.meta({ description: 'Of a rail that there is' }),
    priority: z
      .int()
      .min(0)
      .max(PRIORITY_MAX)
      .optional()
      .meta({ description: 'Of rails that have the same story the one with the highest keeps it. 0 if left out' }),
  })
  .meta({ id: 'FrontRailWrite', description: 'A rail in its place on the page' })

/** What a front says of itself. */
export const FrontFields = z.strictObject({
  title: line(200),
  description: prose(2000).nullish(),
  language: language.nullish(),
  rails: z.array(FrontRailWrite).max(RAILS_MAX).meta({ description: 'In the order of the page, none of them twice' }),
})
export type FrontFields = z.output<typeof FrontFields>

export const FrontCreate = FrontFields.extend({
  key: RailKey.meta({ description: 'The address; it does not change' }),
  rails: FrontFields.shape.rails.optional(),
}).meta({ id: 'FrontCreate', description: 'A new front' })

export const FrontReplace = FrontFields.meta({
  id: 'FrontReplace',
  description: 'A whole front: what is left out is emptied',
})

export const FrontPatch = FrontFields.partial().meta({
  id: 'FrontPatch',
  description: 'A JSON Merge Patch (RFC 7396): `rails` is replaced as a whole',
})

/** A rail in its place on a page. */
export interface PlacedRail {
  key: string
  priority: number
}

/** What one version of a front holds. This is what is stored. */
export interface FrontContent {
  title: string
  description: string | null
  language: string | null
  rails: PlacedRail[]
}

const own = { title: z.string(), description: z.string().nullable(), language: z.string().nullable() }
const placed = { key: z.string(), priority: z.int() }

const EditorialFrontRail = z
  .strictObject({
    ...placed,
    state: z.enum(['ok', 'missing']).meta({
      description: '`missing` where the rail was deleted: readers get the page without it. Values may be added',
    }),
  })
  .meta({ id: 'EditorialFrontRail', description: 'A rail in its place on the page, as the desk sees it' })

export const EditorialFront = z
  .strictObject({
    key: z.string(),
    ...own,
    rails: z.array(EditorialFrontRail),
    version: z.int(),
    updatedAt: instant,
    updatedBy: Actor,
  })
  .meta({ id: 'EditorialFront', description: 'A front as the desk sees it' })
export type EditorialFront = z.output<typeof EditorialFront>

const versionSummary = {
  version: z.int(),
  action: z.string().meta({ description: 'What was done, as in "create", "patch", "delete". Actions may be added' }),
  createdAt: instant,
  createdBy: Actor,
}
export const FrontVersionSummary = z
  .strictObject(versionSummary)
  .meta({ id: 'FrontVersionSummary', description: 'One write on a front: who and when' })
export type FrontVersionSummary = z.output<typeof FrontVersionSummary>

const VersionedFrontRail = z
  .strictObject(placed)
  .meta({ id: 'VersionedFrontRail', description: 'A rail in its place on the page, as it was written' })
export const FrontVersion = z
  .strictObject({ ...versionSummary, ...own, rails: z.array(VersionedFrontRail) })
  .meta({ id: 'FrontVersion', description: 'One version of a front; for one that was deleted, what it was then' })
export type FrontVersion = z.output<typeof FrontVersion>
