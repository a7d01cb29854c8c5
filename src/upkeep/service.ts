import type { OwnCheck } from '../db/own-check.ts'
import type { TableName } from '../db/pages.ts'
import type { Reading } from '../db/reading.ts'
import type { Clock } from '../shared/clock.ts'
import { logOf } from './checks/log.ts'
import { checks, editionChecks, listChecks, readingChecks } from './known-checks.ts'
import { type Check, countOf, type Fault, type Look, NAMED } from './look.ts'
import { seenEditions } from './seen-editions.ts'
import { seenLists } from './seen-lists.ts'

// Owns the look at a database as a whole: whether everything in it fits together. Changes nothing.

/** A check, and some of what it found wrong; nothing where all is well. */
export interface Finding extends Omit<Check, 'find'> {
  faults: Fault[]
  /** Whether there are more. */
  isMore: boolean
}

/** What was looked at, at one instant, and what was found. */
export interface Examined {
  /** How many rows the tables have that matter most. */
  rows: Partial<Record<TableName, number>>
  /** The number of the last event. */
  newestEvent: number
  findings: Finding[]
  /** Whether the rest could not be looked at, because of what was found first. */
  isCut: boolean
}

/** Whether nothing is wrong. */
export const isSound = ({ findings }: Examined): boolean => findings.every(({ faults }) => faults.length === 0)

export type UpkeepService = ReturnType<typeof upkeepService>

const COUNTED: TableName[] = ['articles', 'articleVersions', 'editions', 'headlineLists', 'fronts', 'terms', 'events']

export function upkeepService({ reading, clock }: { reading: Reading; clock: Clock }) {
  return {
    /** All checks, at one instant, one after another; `isQuick` leaves out those that read every text again. */
    examine: ({ isQuick = false } = {}): Promise<Examined> =>
      reading.instant(async (read, own) => {
        const findings: Finding[] = []
        for (const check of own.filter(({ isFirst }) => isFirst)) {
          const finding = await found(check)
          findings.push(finding)
          if (finding.faults.length > 0) return { rows: {}, newestEvent: 0, findings, isCut: true }
        }
        const { tables } = reading
        const rows: Examined['rows'] = {}
        for (const name of COUNTED) rows[name] = await countOf({ read, tables }, name)
        const { last, at } = await logOf({ read, tables })
        const now = clock.now()
        const look: Look = { read, tables, latest: now > at ? now : at }
        for (const check of checks) findings.push(await found({ ...check, find: () => check.find(look) }))
        if (!isQuick) findings.push(...(await readThrough(look, own)))
        return { rows, newestEvent: last, findings, isCut: false }
      }),
  }
}

/** What those checks find that read everything. */
async function readThrough(look: Look, own: OwnCheck[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const check of readingChecks) findings.push(await found({ ...check, find: () => check.find(look) }))
  findings.push(...(await watched(look, listChecks(), listsByPages(look))))
  findings.push(...(await watched(look, editionChecks(), seenEditions(look))))
  for (const check of own.filter(({ isFirst }) => !isFirst)) findings.push(await found(check))
  return findings
}

async function* listsByPages(look: Look) {
  for await (const list of seenLists(look)) yield [list]
}

type About = Omit<Check, 'find'>
const findingOf = ({ kind, says, advice }: About): Finding => ({ kind, says, advice, faults: [], isMore: false })

/** Notes some faults; answers whether there is room for more. */
async function note(finding: Finding, find: () => ReturnType<OwnCheck['find']>): Promise<void> {
  if (finding.isMore) return
  try {
    for await (const { id, what } of find()) {
      if (finding.faults.length === NAMED) {
        finding.isMore = true
        return
      }
      finding.faults.push({ id, what })
    }
  } catch (error) {
    // What cannot be read is a fault as well, and others are to be found beside it.
    finding.faults.push({ id: finding.kind, what: `could not be looked at: ${reasonOf(error)}` })
    finding.isMore = true
  }
}

async function found(check: About & Pick<OwnCheck, 'find'>): Promise<Finding> {
  const finding = findingOf(check)
  await note(finding, check.find)
  return finding
}

interface Watcher<Seen> extends About {
  find: (look: Look, some: Seen[]) => AsyncIterable<Fault>
}

/** What all of these find in what is read once for all of them. */
async function watched<Seen>(look: Look, watchers: Watcher<Seen>[], pages: AsyncIterable<Seen[]>): Promise<Finding[]> {
  const all = watchers.map((watcher) => ({ watcher, finding: findingOf(watcher) }))
  try {
    for await (const page of pages)
      for (const { watcher, finding } of all) await note(finding, () => watcher.find(look, page))
  } catch (error) {
    const what = `could not be looked at: ${reasonOf(error)}`
    for (const { finding } of all) finding.faults.push({ id: finding.kind, what })
  }
  return all.map(({ finding }) => finding)
}

/** The first cause: what stands around it says only which statement failed. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? reasonOf(error.cause) : error.message) : String(error)
