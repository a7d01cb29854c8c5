import fc from 'fast-check'
import { expect, it } from 'vitest'
import { byPriority } from '../../src/fronts/edition.ts'

it('the rails that may keep a story first are those of the highest priority, and among equals the first on the page', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 50 }), (priorities) => {
      const page = priorities.map((priority, place) => ({ key: `rail-${place}`, priority, place }))
      const ordered = byPriority(page)
      expect(new Set(ordered)).toEqual(new Set(page))
      for (const [at, rail] of ordered.entries()) {
        const next = ordered[at + 1]
        if (!next) continue
        expect(rail.priority).toBeGreaterThanOrEqual(next.priority)
        if (rail.priority === next.priority) expect(page.indexOf(rail)).toBeLessThan(page.indexOf(next))
      }
      expect(page.map(({ place }) => place)).toEqual(priorities.map((_, place) => place))
    }),
  )
})
