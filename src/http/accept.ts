import type { FastifyRequest } from 'fastify'
import { Problem } from '../shared/problem.ts'

const JSON_TYPE = 'application/json'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media type of the answer, where it is not JSON. */
    gives?: string
  }
}

/** Whether an Accept field (RFC 9110, 12.5.1) allows a type: by the most specific range that speaks of it. */
export function accepts(field: string | undefined, given: string = JSON_TYPE): boolean {
  if (field === undefined || field.trim() === '') return true
  const ranges = field.split(',').map((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { type, isRefused: quality !== undefined && Number(quality.slice(2)) === 0 }
  })
  for (const wanted of [given, given.replace(/\/.*/, '/*'), '*/*']) {
    const range = ranges.find(({ type }) => type === wanted)
    if (range) return !range.isRefused
  }
  return false
}

/** 406 for who does not take what this address gives. */
export async function requireAccepted({ headers, routeOptions }: FastifyRequest): Promise<void> {
  const { gives = JSON_TYPE } = routeOptions.config
  if (!accepts(headers.accept, gives)) throw new Problem('not-acceptable', `This address gives ${gives} only.`)
}
