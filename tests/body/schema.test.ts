import { describe, expect, test } from 'vitest'
import { Body } from '../../src/body/schema.ts'

const span = { _type: 'span', text: 'x' }
const link = { _type: 'link', _key: 'k', href: 'https://example.org/' }
const block = { _type: 'block', children: [span] }
const image = { _type: 'image', url: 'https://example.org/i.jpg', alt: '' }
const cell = { _type: 'cell', children: [span] }
const row = { _type: 'row', cells: [cell] }
const long = 'x'.repeat(20_001)

/** Each rule: what breaks it, where that is said, and what is said. */
const refusals: [rule: string, body: unknown, path: (string | number)[], message: RegExp][] = [
  ['an unknown kind of block', [{ _type: 'html', html: '' }], [0, '_type'], /./],
  ['a field nobody knows', [block, { ...block, color: 'red' }], [1], /color/],
  ['an unknown style', [{ ...block, style: 'h1' }], [0, 'style'], /h2/],
  ['a list deeper than eight levels', [{ ...block, listItem: 'bullet', level: 9 }], [0, 'level'], /8/],
  ['a heading that is a list item', [{ ...block, listItem: 'bullet', style: 'h2' }], [0, 'style'], /normal/],
  ['a span that is too long', [{ ...block, children: [{ ...span, text: long }] }], [0, 'children', 0, 'text'], /20000/],
  [
    'half a character',
    [{ ...block, children: [{ ...span, text: '\ud83d' }] }],
    [0, 'children', 0, 'text'],
    /surrogate/,
  ],
  ['the null character', [{ ...block, children: [{ ...span, text: '\0' }] }], [0, 'children', 0, 'text'], /U\+0000/],
  [
    'a mark that is nothing',
    [{ ...block, children: [{ ...span, marks: ['strong', 'bold'] }] }],
    [0, 'children', 0, 'marks', 1],
    /strong.*markDefs/,
  ],
  [
    'a mark of another block',
    [
      { ...block, markDefs: [link] },
      { ...block, children: [{ ...span, marks: ['k'] }] },
    ],
    [1, 'children', 0, 'marks', 0],
    /markDefs/,
  ],
  [
    'a mark in a cell that is nothing',
    [{ _type: 'table', rows: [{ ...row, cells: [cell, { ...cell, children: [{ ...span, marks: ['k'] }] }] }] }],
    [0, 'rows', 0, 'cells', 1, 'children', 0, 'marks', 0],
    /markDefs/,
  ],
  [
    'a link named like a decorator',
    [{ ...block, markDefs: [{ ...link, _key: 'strong' }] }],
    [0, 'markDefs', 0, '_key'],
    /decorator/,
  ],
  ['two blocks with one key', [{ ...block, _key: 'a' }, image, { ...block, _key: 'a' }], [2, '_key'], /unique.*item 0/],
  [
    'two spans with one key',
    [
      {
        ...block,
        children: [
          { ...span, _key: 'a' },
          { ...span, _key: 'a' },
        ],
      },
    ],
    [0, 'children', 1, '_key'],
    /unique/,
  ],
  ['two links with one key', [{ ...block, markDefs: [link, link] }], [0, 'markDefs', 1, '_key'], /unique/],
  [
    'two rows with one key',
    [
      {
        _type: 'table',
        rows: [
          { ...row, _key: 'a' },
          { ...row, _key: 'a' },
        ],
      },
    ],
    [0, 'rows', 1, '_key'],
    /unique/,
  ],
  ['a key with a space', [{ ...block, _key: 'a b' }], [0, '_key'], /A-Z/],
  ['a table without rows', [{ _type: 'table', rows: [] }], [0, 'rows'], /1/],
  ['an embed that is not on the web', [{ _type: 'embed', url: '/local' }], [0, 'url'], /http/],
  ['a picture in the address itself', [{ ...image, url: 'data:image/png;base64,AA' }], [0, 'url'], /http/],
  ['a picture without alternative text', [{ _type: 'image', url: '/i.jpg' }], [0, 'alt'], /string/],
  ['more than 2,000 blocks', Array(2001).fill({ _type: 'divider' }), [], /2000/],
  [
    'more than 1,000,000 characters',
    Array(51).fill({ ...block, children: [{ ...span, text: 'x'.repeat(20_000) }] }),
    [],
    /1000000/,
  ],
]

describe('a body is refused', () => {
  test.each(refusals)('for %s, saying where and what would be right', (_rule, body, path, message) => {
    const issues = Body.safeParse(body).error?.issues ?? []
    expect(issues.map((issue) => issue.path)).toContainEqual(path)
    expect(issues.map((issue) => issue.message).join()).toMatch(message)
  })
})

describe('the address of a link', () => {
  const wrong = [
    ...[
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'java\nscript:x',
    ],
    ...['\u0001javascript:x', 'javascript&colon;x', 'java&#115;cript:x', '&#106;avascript:x', 'java&Tab;script:x'],
    ...['data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:https://a/b', 'ftp://a/b', 'about:blank', 'x:y'],
    ...[
      '',
      'a b',
      'https://',
      'https:/example.org',
      'https:example.org',
      'http:\\\\example.org',
      '\\\\example.org',
      'mailto:',
    ],
    ...['https://a\u200bb/', '\u00a0https://a/', 'https://exa mple.org/', `/${'x'.repeat(2048)}`, '/\ud83d', 'tel:1 2'],
  ]
  test.each(wrong)('is not %j', (href) => {
    const { error } = Body.safeParse([{ ...block, markDefs: [{ ...link, href }] }])
    expect(error?.issues[0]?.path).toEqual([0, 'markDefs', 0, 'href'])
  })

  const right = [
    'https://example.org/a?b=c:d#e',
    'HTTP://EXAMPLE.ORG',
    'mailto:a@b.org?subject=x',
    'tel:+1-202',
    '/a:b',
    '../a',
    '#a',
    '?a=b&c',
    'a/b:c',
    '//host/x',
    'https://例え.jp/東京',
  ]
  test.each(right)('may be %j', (href) => {
    expect(Body.safeParse([{ ...block, markDefs: [{ ...link, href }] }]).error).toBeUndefined()
  })
})
