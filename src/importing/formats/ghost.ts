import { isObject } from '../../shared/json.ts'
import type { Format } from './format.ts'
import { POST_MEMBERS, postRecord } from './ghost-post.ts'
import { tableOf, tablesOf } from './ghost-tables.ts'
import { definedIn } from './ghost-terms.ts'
import { pickedValues } from './json-stream.ts'

// The JSON that Ghost exports, versions 2 to 6. It is read twice: what posts refer to may stand after them.

const TABLE = '(?:posts|tags|users|posts_tags|posts_authors|posts_meta|roles|roles_users|settings)'

export const ghost: Format = {
  name: 'ghost',
  description: 'The JSON export of Ghost, versions 2 to 6',
  recognises({ head }) {
    const start = Buffer.from(head)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart()
    if (!start.startsWith('{')) return false
    if (/^\{\s*"db"\s*:\s*\[/.test(start)) return true
    if (/"exported_on"\s*:/.test(start) && /"(?:version|data)"\s*:/.test(start)) return true
    if (!new RegExp(`^\\{\\s*(?:"data"\\s*:\\s*\\{\\s*)?"${TABLE}"\\s*:\\s*\\[`).test(start)) return false
    return /"(?:mobiledoc|lexical|posts_tags|posts_authors|posts_meta|feature_image|custom_excerpt|published_at)"/.test(
      start,
    )
  },
  async *read(source, { encoding }) {
    const tables = await tablesOf(source, encoding)
    yield* definedIn(tables)
    let isFirst = true
    const posts = pickedValues(source, (path) => (tableOf(path) === 'posts' ? POST_MEMBERS : false), { encoding })
    for await (const found of posts) {
      const { line } = found
      if ('fault' in found) yield { kind: 'failed', line, why: found.fault }
      else if (!isObject(found.value)) yield { kind: 'failed', line, why: 'It is no post.' }
      else {
        const record = postRecord(found.value, tables, line)
        // Said once, where it is read first.
        if (isFirst && tables.hasInjection && record.kind === 'article')
          record.warnings.push('Code that was put into every page of the site is left out.')
        isFirst = false
        yield record
      }
    }
  },
}
