import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'

it('one of several processes has a lease, another when that is over, and nobody waits for a clock that was set back', async () => {
  const app = await startApp()
  const other = await startApp({ database: { url: app.url, drop: async () => undefined }, clock: app.clock })
  const areTheirs = async () => [await app.services.leases.isOurs('x'), await other.services.leases.isOurs('x')]
  expect(await areTheirs()).toEqual([true, false])
  app.clock.pass(1_000)
  expect(await areTheirs()).toEqual([true, false])
  app.clock.pass(1_600)
  expect(await other.services.leases.isOurs('x')).toBe(true)
  expect(await areTheirs()).toEqual([false, true])
  // Its holder is dead.
  app.clock.pass(-3_600_000)
  expect(await app.services.leases.isOurs('x')).toBe(true)
  expect(await areTheirs()).toEqual([true, false])
})
