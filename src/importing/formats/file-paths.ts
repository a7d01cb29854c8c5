// Documents of a site name each other by their files. A document is found under these names when it has become an article.

/** The path of a page that was named by its file, as a reference in the document `from` names it. */
export function pathOfNamed(named: string, from: string): string {
  const [path = '', anchor = ''] = named.split(/(?=[#?])/, 2)
  if (path === '') return anchor
  const isRelative = /^\.\.?\//.test(path)
  const file = isRelative ? joined(from.replace(/[^/]*$/, ''), path) : path.replace(/^\/+/, '')
  return `${encoded(file.includes('/') || !/\.(?:md|markdown|html)$/i.test(file) ? pagePath(file) : bareName(file))}${encoded(anchor)}`
}

/** Where a file that was imported as this was found: by its place in the site, there by its slug (Hugo), and by its name alone. */
export function formerPathsOf(file: string, slug?: string): string[] {
  const page = pagePath(file)
  const bySlug = slug === undefined ? [] : [page.replace(/[^/]*$/, slug)]
  const names = [page, ...bySlug, bareName(file)]
  return [...new Set(names)].filter((path) => path !== '/').map(encoded)
}

/** Below the folder "content" where there is one, without its ending; a file "index" is called by its folder. */
function pagePath(file: string): string {
  const below = file.replace(/^(?:.*\/)?content\//, '').replace(/^\/+/, '')
  return `/${below.replace(/\.(?:md|markdown|html)$/i, '').replace(/(?:^|\/)_?index$/, '')}`
}

/**
 * A name that stands alone keeps its ending, so that it is never taken for the address of a page at the top of the site; a name with a
 * date in front is no other page's.
 */
function bareName(file: string): string {
  const parts = file.split('/')
  const name = parts.at(-1) ?? ''
  if (/^_?index\.\w+$/.test(name)) return pagePath(file)
  return `/${/^\d{4}-\d{1,2}-\d{1,2}-/.test(name) ? name.replace(/\.(?:md|markdown|html)$/i, '') : name}`
}

function joined(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of `${folder}${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

const encoded = (path: string): string =>
  path.replaceAll(/[\s"<>()\\^`{|}]/g, (sign) =>
    /[()]/.test(sign) ? `%${sign.charCodeAt(0).toString(16)}` : encodeURIComponent(sign),
  )
