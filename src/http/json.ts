import { type ParseError, parse, visit } from 'jsonc-parser'
import { JSON_DEPTH_MAX } from '../shared/json.ts'
import { type FieldError, Problem } from '../shared/problem.ts'
import { pointer } from '../shared/validation.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * JSON as RFC 8259 has it, read strictly, so that what is stored is what was sent: well-formed UTF-8, no member twice,
 * no NUL and no lone surrogate (the engines treat both differently), not too deep.
 */
export function parseJson(bytes: Buffer): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (cause) {
    throw new Problem('malformed-json', 'The body must be UTF-8.', { cause })
  }
  const errors = inspect(text)
  if (errors.length > 0) throw new Problem('validation-failed', errors[0]?.detail ?? '', { errors })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('malformed-json', explain(text), { cause })
  }
}

function explain(text: string): string {
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true, allowEmptyContent: false })
  const before = text.slice(0, errors[0]?.offset ?? text.length)
  const lines = before.split('\n')
  return `The body is not JSON: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}.`
}

/** Walks the text once. Throws for depth and for a member given twice; answers the strings that cannot be stored. */
function inspect(text: string): FieldError[] {
  const errors: FieldError[] = []
  const names: Set<string>[] = []
  let depth = 0
  const open = () => {
    if (++depth > JSON_DEPTH_MAX) {
      throw new Problem('malformed-json', `The body is nested more than ${JSON_DEPTH_MAX} levels deep.`)
    }
  }
  const check = (value: unknown, path: PropertyKey[]) => {
    if (errors.length === 50 || typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) return
    const detail = 'Text must not contain the character U+0000 or half of a surrogate pair.'
    errors.push({ pointer: pointer(path), code: 'invalid-text', detail })
  }
  visit(text, {
    onObjectBegin: () => {
      open()
      names.push(new Set())
    },
    onObjectEnd: () => {
      depth--
      names.pop()
    },
    onArrayBegin: open,
    onArrayEnd: () => {
      depth--
    },
    onObjectProperty: (name, _offset, _length, _line, _column, path) => {
      if (names.at(-1)?.has(name)) {
        throw new Problem('malformed-json', `The member ${pointer([...path(), name])} is given twice.`)
      }
      // Some readers of JSON set a prototype by it, others drop it: nothing here is called that.
      if (name === '__proto__') throw new Problem('malformed-json', 'No member may be called "__proto__".')
      names.at(-1)?.add(name)
      check(name, [...path(), name])
    },
    onLiteralValue: (value, _offset, _length, _line, _column, path) => check(value, path()),
  })
  return errors
}
