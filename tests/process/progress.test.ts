import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { progressOf } from '../../src/commands/progress.ts'

const { stderr } = process
const isTerminal = stderr.isTTY
let said = ''
beforeEach(() => {
  said = ''
  vi.useFakeTimers()
  vi.spyOn(stderr, 'write').mockImplementation((text) => {
    said += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  stderr.isTTY = isTerminal
})

it.each([false, true])(
  'what has no known end tells how much is done and no share of it (on a terminal: %s)',
  (isTTY) => {
    stderr.isTTY = isTTY
    const progress = progressOf(0, 'lines')
    progress.count(7)
    vi.advanceTimersByTime(6_000)
    progress.count(1)
    progress.stop()
    expect(said).toMatch(/\d lines/)
    expect(said).not.toContain('%')
  },
)

it('what has a known end tells its share', () => {
  stderr.isTTY = false
  const progress = progressOf(200, 'records')
  progress.advance(50)
  progress.count(7)
  vi.advanceTimersByTime(6_000)
  progress.stop()
  expect(said).toMatch(/^25 %, 7 records, \d+ records\/s\n$/)
})
