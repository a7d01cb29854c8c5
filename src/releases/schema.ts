import type { LinkFields } from '../headlines/schema.ts'

/** What a rail will hold from the release on. */
export interface RailPlan {
  items: LinkFields[]
}
