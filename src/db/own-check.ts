// What only the engine can tell of itself; the form is that of all checks (src/upkeep/look.ts).

export interface OwnCheck {
  kind: string
  says: string
  advice: string
  /** Where something is wrong here, nothing else can be looked at. */
  isFirst: boolean
  find: () => Iterable<OwnFault> | AsyncIterable<OwnFault>
}
export interface OwnFault {
  id: string
  what: string
}

/** Whether the schema is the one that this program makes; each engine finds that out in its own way. */
export const schemaCheck = (find: OwnCheck['find']): OwnCheck => ({
  kind: 'schema',
  says: 'the schema is that of this program',
  advice: 'Bring it up to date (npm run migrate); where that changes nothing, load an export into a new database.',
  isFirst: true,
  find,
})

/** A schema of another number of steps than this program knows. */
export const otherSteps = (has: number | undefined, known: number): OwnFault => ({
  id: 'schema',
  what: `has ${has} steps, and this program knows ${known}`,
})
