import type { Config } from './config.ts'
import type { Site } from './delivery/site.ts'
import type { ExportSettings } from './exporting/outputs.ts'

// What the settings say of addresses.

/** The public site, as far as the settings say something of it. */
export function siteOf(config: Config): Site {
  const { PUBLISHER_NAME: name, PUBLISHER_URL: url } = config
  const origin = originOf(config)
  const homeUrl = url ?? new URL('/', config.ARTICLE_URL?.replaceAll(/[{}]/g, '') ?? origin).href
  return {
    origin,
    name: name ?? new URL(homeUrl).host,
    homeUrl,
    publisher: name === undefined ? undefined : { name, url: homeUrl },
  }
}

/** What exports for other systems say of the site. */
export function exportSettingsOf(config: Config): ExportSettings {
  const { name, homeUrl } = siteOf(config)
  const url = homeUrl.replace(/\/$/, '')
  return { site: { name, url, language: config.DEFAULT_LANGUAGE }, articleUrl: articleUrlOf(config) }
}

/** The pattern of the addresses of articles. */
export const articleUrlOf = (config: Config): string => config.ARTICLE_URL ?? `${originOf(config)}/v1/articles/{slug}`

/** The address under which readers reach this server. */
export const originOf = (config: Config): string => config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT}`
