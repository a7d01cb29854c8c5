import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../shared/problem.ts'

const JSON_TYPE = 'application/json'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media type of the answer, where it is not JSON. */
    gives?: string
    /** The route has several media types, and chooses among them itself. */
    isNegotiated?: boolean
  }
}

/** A media type or range, without the parameters that make no difference here. */
function parse(text: string) {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  const valueIn = (name: string) =>
    parameters.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1)
  const quality = Number(valueIn('q') ?? 1)
  return {
    type: type.toLowerCase(),
    profile: valueIn('profile')?.replace(/^"(.*)"$/, '$1'),
    quality: quality >= 0 && quality <= 1 ? quality : 1,
  }
}

const known = new Map<string, ReturnType<typeof parse> & { offer: string }>()
/** What is offered is the same each time, so it is taken apart once. */
function offerOf(offer: string) {
  const found = known.get(offer) ?? { offer, ...parse(offer) }
  known.set(offer, found)
  return found
}

/**
 * Those of `offers` that an Accept field (RFC 9110, 12.5.1) allows, the best liked first; those that are liked the same stay
 * in their order. For each the most specific range counts that speaks of it.
 */
export function acceptable(field: string | undefined, offers: readonly string[]): string[] {
  if (field === undefined || field === '*/*' || field.trim() === '') return [...offers]
  const ranges = field.split(',').map(parse)
  const all = offers.map(offerOf)
  // A profile counts where there is one to choose by, and is a hint elsewhere.
  const counts = (type: string) => all.some((each) => each.type === type && each.profile !== undefined)
  const qualityOf = ({ type, profile }: (typeof all)[number]): number => {
    const exact = ranges.filter((range) => range.type === type)
    const found =
      exact.find((range) => range.profile === profile || !counts(type)) ??
      exact.find((range) => range.profile === undefined) ??
      ranges.find((range) => range.type === type.replace(/\/.*/, '/*')) ??
      ranges.find((range) => range.type === '*/*')
    return found?.quality ?? 0
  }
  return all
    .map((each) => ({ offer: each.offer, quality: qualityOf(each) }))
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ offer }) => offer)
}

/** 406 for who does not take what this address gives. */
export function requireAccepted(
  { headers, routeOptions }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { gives = JSON_TYPE, isNegotiated } = routeOptions.config
  if (isNegotiated || acceptable(headers.accept, [gives]).length > 0) done()
  else throw new Problem('not-acceptable', `This address gives ${gives} only.`)
}
