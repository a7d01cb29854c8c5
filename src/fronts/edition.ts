import type { FrontContent, PlacedRail } from './schema.ts'

// What readers get of a front: its own fields, rendered once, and which rails are on it. What these hold is theirs.

/** Renders what readers get of a front. Named fields only, so that nothing else can ever come along. */
export const renderFront = ({ title, description, language, rails }: FrontContent) => ({
  card: JSON.stringify({
    title,
    ...(description !== null && { description }),
    ...(language !== null && { language }),
  }),
  rails: JSON.stringify(rails.map(({ key, priority }) => ({ key, priority }))),
})

/** The rails of an edition, in the order of the page. */
export const railsOf = (rails: string): PlacedRail[] => JSON.parse(rails) as PlacedRail[]

/** The rails in the order in which they may keep a story that several have: by priority, then as they are on the page. */
export const byPriority = <Each extends PlacedRail>(rails: Each[]): Each[] =>
  rails.toSorted((a, b) => b.priority - a.priority)
