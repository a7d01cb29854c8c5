import type { FastifyInstance } from 'fastify'

export interface KnownAddresses {
  /** The methods that the address of `url` takes, or undefined where there is nothing. */
  methodsAt(url: string): string[] | undefined
}

/** Remembers every route as it is added, because Fastify answers 404 where RFC 9110 asks for 405 with `Allow`. */
export function rememberAddresses(app: FastifyInstance): KnownAddresses {
  const byPattern = new Map<string, { matches: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const entry = byPattern.get(url) ?? { matches: patternOf(url), methods: new Set<string>() }
    for (const each of [method].flat()) entry.methods.add(each)
    byPattern.set(url, entry)
  })
  return {
    methodsAt(url) {
      const path = pathOf(url)
      const found = [...byPattern.values()]
        .filter(({ matches }) => matches.test(path))
        .flatMap(({ methods }) => [...methods])
      return found.length === 0 ? undefined : [...new Set([...found, 'OPTIONS'])].sort()
    },
  }
}

/** The path of a request as the router reads it: without origin and query, and percent-encoding undone. */
export function pathOf(url: string): string {
  if (url.startsWith('/') && !/[%?#]/.test(url)) return url
  const path = url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/)[0] ?? ''
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replaceAll(/[.+?^$()|[\]\\]/g, '\\$&')
      .replaceAll(/:[A-Za-z]+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  )
