import { parsePage } from '../../body/parse-html.ts'
import { BodyTooDeep } from '../../body/too-deep.ts'
import { elementsIn, innerHtml } from './page.ts'

const isRelative = (address: string): boolean => !/^\s*(?:[a-z][a-z0-9+.-]*:|#|$)/i.test(address)
/** Whether there may be some: to parse all of every text for it would take long. */
const MAY_BE = /\b(?:href|src)\s*=\s*["']?\s*(?![a-z][a-z0-9+.-]*:|["'#>\s])/i

/** HTML with its relative addresses as they are meant below `base`, and whether some are left that are relative. */
export function withWholeAddresses(html: string, base: string): { html: string; isRelative: boolean } {
  if (!MAY_BE.test(html)) return { html, isRelative: false }
  try {
    const page = parsePage(html)
    let [changed, left] = [0, 0]
    for (const element of elementsIn(page)) {
      for (const each of element.attrs) {
        if ((each.name !== 'href' && each.name !== 'src') || !isRelative(each.value)) continue
        const whole = base === '' ? undefined : URL.parse(each.value, base)?.href
        if (whole === undefined) left++
        else {
          each.value = whole
          changed++
        }
      }
    }
    const body = [...elementsIn(page)].find(({ tagName }) => tagName === 'body')
    return { html: changed > 0 && body ? innerHtml(body) : html, isRelative: left > 0 }
  } catch (error) {
    // It cannot be kept for that reason, which is told where it is converted.
    if (error instanceof BodyTooDeep) return { html, isRelative: false }
    throw error
  }
}
