import type { Reported } from '../importing/schema.ts'

/** So many different sentences are told apart, and so many are told. */
const KINDS_MAX = 10_000
const TOLD_MAX = 8

/** What is told once and not for each record: why some were left out, and what could not be kept as it was. */
export function gathering() {
  const skipped = new Map<string, number>()
  const warned = new Map<string, number>()
  let many = 0
  const add = (to: Map<string, number>, what: string) => {
    // Of texts without end only so many are told apart.
    if (to.has(what) || to.size < KINDS_MAX) to.set(what, (to.get(what) ?? 0) + 1)
  }
  return {
    note({ result, why = '', warnings }: Reported): void {
      if (result === 'skipped') add(skipped, why)
      if (result === 'unchanged' || warnings.length === 0) return
      many++
      for (const each of warnings) add(warned, each)
    },
    told(report: string | undefined): string {
      const lines = (from: Map<string, number>) =>
        [...from]
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, TOLD_MAX)
          .map(([what, times]) => `  ${times} × ${what}\n`)
          .join('')
      const where = report === undefined ? '; all of it with --report FILE' : ''
      return [
        skipped.size > 0 ? `Left out, most often because:\n${lines(skipped)}` : '',
        many > 0 ? `${many} records not in all as they were, most often${where}:\n${lines(warned)}` : '',
      ].join('')
    },
  }
}
