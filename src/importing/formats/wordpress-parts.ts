// What the text of WordPress is put together from.

/** A picture or another file, as the export has it. */
export interface Attachment {
  url: string
  alt: string
  caption: string
  /** The post to which it belongs; empty for none. */
  parent: string
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
export const figure = ({ url, alt, caption }: Attachment): string =>
  `<figure><img src="${escaped(url)}" alt="${escaped(alt)}">${caption === '' ? '' : `<figcaption>${caption}</figcaption>`}</figure>`
export const embed = (url: string): string => `<figure data-embed="${escaped(url)}">${escaped(url)}</figure>`

/**
 * The text with what `make` gives for each part between two marks; the rest after a mark that has no end stays. By places and not by
 * a pattern, which would look for that end from each mark anew.
 */
export function replaceParts(
  text: string,
  begin: string,
  end: string,
  make: (inside: string, whole: string, at: number) => string,
): string {
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, from)) {
    const close = text.indexOf(end, at + begin.length)
    if (close < 0) break
    const after = close + end.length
    parts.push(text.slice(from, at), make(text.slice(at + begin.length, close), text.slice(at, after), at))
    from = after
  }
  return parts.join('') + text.slice(from)
}
