import { Problem } from '../shared/problem.ts'

/** Whether an Accept field (RFC 9110, 12.5.1) allows JSON: by the most specific range that speaks of it. */
export function acceptsJson(field: string | undefined): boolean {
  if (field === undefined || field.trim() === '') return true
  const ranges = field.split(',').map((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { type, isRefused: quality !== undefined && Number(quality.slice(2)) === 0 }
  })
  for (const wanted of ['application/json', 'application/*', '*/*']) {
    const range = ranges.find(({ type }) => type === wanted)
    if (range) return !range.isRefused
  }
  return false
}

export function requireJsonAccepted(field: string | undefined): void {
  if (!acceptsJson(field)) throw new Problem('not-acceptable', 'This address gives application/json only.')
}
