import type { FastifyRequest } from 'fastify'
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

/**
 * Which of `offers` an Accept field (RFC 9110, 12.5.1) likes best; of those that it likes the same, the first. For each the
 * most specific range counts that speaks of it. Undefined where it allows none.
 */
export function preferred<Offer extends string>(
  field: string | undefined,
  offers: readonly Offer[],
): Offer | undefined {
  if (field === undefined || field.trim() === '') return offers[0]
  const ranges = field.split(',').map(parse)
  const all = offers.map(parse)
  // A profile counts where there is one to choose by, and is a hint elsewhere.
  const counts = (type: string) => all.some((each) => each.type === type && each.profile !== undefined)
  const qualityOf = ({ type, profile }: ReturnType<typeof parse>): number => {
    const exact = ranges.filter((range) => range.type === type)
    const general = [type.replace(/\/.*/, '/*'), '*/*'].flatMap((name) => ranges.filter((range) => range.type === name))
    const isSame = (range: ReturnType<typeof parse>) => range.profile === profile || !counts(type)
    const found = exact.find(isSame) ?? exact.find((range) => range.profile === undefined) ?? general[0]
    return found?.quality ?? 0
  }
  let best: { offer: Offer; quality: number } | undefined
  offers.forEach((offer, at) => {
    const quality = qualityOf(all[at] ?? parse(offer))
    if (quality > (best?.quality ?? 0)) best = { offer, quality }
  })
  return best?.offer
}

/** 406 for who does not take what this address gives. */
export async function requireAccepted({ headers, routeOptions }: FastifyRequest): Promise<void> {
  const { gives = JSON_TYPE, isNegotiated } = routeOptions.config
  if (isNegotiated || preferred(headers.accept, [gives]) !== undefined) return
  throw new Problem('not-acceptable', `This address gives ${gives} only.`)
}
