import type { Newsroom } from './data.ts'
import type { Rounds } from './measure.ts'
import { startLoad, startOurs } from './processes.ts'
import { type Check, medianOf } from './report.ts'
import * as rows from './rows.ts'

/** What readers keep of their rate while somebody writes one article after the other. */
export async function mixedOf(newsroom: Newsroom, { rounds, manyMs }: Rounds): Promise<Check> {
  const server = await startOurs(newsroom.url)
  const [readers, writer] = [startLoad(), startLoad()]
  try {
    const { origin } = server
    const requests = rows.reads(newsroom, [])['an article by slug'] ?? []
    const read = () => readers.run({ origin, requests, connections: 31, ms: manyMs })
    const write = () =>
      writer.run({ origin, requests: rows.creating(rows.withKey(newsroom)), connections: 1, ms: manyMs + 200 })
    const kept: number[] = []
    await read()
    for (let round = 0; round < rounds; round++) {
      const alone = await read()
      const [beside] = await Promise.all([read(), write()])
      kept.push(beside.perSecond / alone.perSecond)
    }
    const value = medianOf(kept)
    return { what: 'reads beside writes : alone', value, wanted: '≥ 0.8', isMet: value >= 0.8 }
  } finally {
    await Promise.all([server.end(), readers.end(), writer.end()])
  }
}
