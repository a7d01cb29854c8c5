import { type Faces, shownCard } from '../taxonomy/faces.ts'
import type { EditionRow, LinkedRow } from './rows.ts'

/** How many cards are kept as they are shown. */
const CARDS_MAX = 2_000

/** Puts faces into rows, and keeps what was made last. */
export function faceWriter() {
  const known = new Map<string, { text: string; version: number; shown: ReturnType<typeof shownCard> }>()
  return <Row extends EditionRow | LinkedRow>(row: Row, faces: Faces): Row => {
    if (faces.version === 0) return row
    const found = known.get(row.articleId)
    const isKnown = found?.text === row.card && found.version === faces.version
    const shown = isKnown ? found.shown : shownCard(row.card, faces)
    if (!isKnown) {
      known.delete(row.articleId)
      known.set(row.articleId, { text: row.card, version: faces.version, shown })
      const [oldest = ''] = known.size > CARDS_MAX ? known.keys() : []
      known.delete(oldest)
    }
    const section = faces.byKey('section', row.section)?.slug ?? row.section
    return { ...row, section, ...shown }
  }
}
