import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { expect } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { ninjsSchema } from './ninjs.ts'
import { root } from './sources.ts'

// Readers of the formats of an article that know nothing of how they are written.

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document
export type Element = DefaultTreeAdapterTypes.Element

const elementsOf = (node: Node): Element[] =>
  'childNodes' in node ? [...('tagName' in node ? [node] : []), ...node.childNodes.flatMap(elementsOf)] : []
export const textIn = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textIn).join('') : ''
export const attributeOf = (element: Element | undefined, name: string): string | undefined =>
  element?.attrs.find((each) => each.name === name)?.value

/** The elements of a page, and what a browser has to put up with in it. */
export function readPage(html: string) {
  const faults: string[] = []
  const elements = elementsOf(parse(html, { onParseError: ({ code }) => faults.push(code) }))
  const all = (tagName: string) => elements.filter((each) => each.tagName === tagName)
  const named = (name: string) =>
    all('meta').filter((each) => [attributeOf(each, 'name'), attributeOf(each, 'property')].includes(name))
  const classed = (name: string) => elements.filter((each) => attributeOf(each, 'class')?.split(' ').includes(name))
  return { faults, elements, all, named, classed }
}

const inert =
  `html head meta title link style body article header nav aside footer h1 h2 h3 h4 h5 h6 p span strong em b i u s
  sub sup code pre a br hr ul ol li blockquote figure figcaption cite img time table caption thead tbody tr th td`.split(
    /\s+/,
  )

/** Fails if anything in the page could run, send, or lead to where nobody may be led. */
export function expectInert({ elements }: ReturnType<typeof readPage>): void {
  expect(elements.map(({ tagName }) => tagName).filter((name) => !inert.includes(name))).toEqual([])
  const attributes = elements.flatMap(({ attrs }) => attrs)
  expect(attributes.filter(({ name }) => /^on|^style$|^srcdoc$|^http-equiv$/.test(name))).toEqual([])
  const addresses = attributes.filter(({ name }) => ['href', 'src', 'data-embed'].includes(name))
  const schemes = addresses.map(({ value }) => new URL(value, 'https://site.example/').protocol)
  expect(schemes.filter((each) => !['http:', 'https:', 'mailto:', 'tel:'].includes(each))).toEqual([])
}

/** Front matter as the simplest of readers takes it: up to the first line of three hyphens. */
export function readMarkdown(document: string): { front: Record<string, unknown>; body: string } {
  const [, yaml = '', body = ''] = /^---\n([\s\S]*?)\n---\n\n([\s\S]*)$/.exec(document) ?? []
  const front = parseYaml(yaml)
  // Half of the readers know an older YAML.
  expect(parseYaml(yaml, { version: '1.1' })).toEqual(front)
  return { front, body }
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const isNinjs = ajv.compile(ninjsSchema)
/** What the schema of IPTC finds wrong. */
export const faultsOfNinjs = (document: unknown): string => (isNinjs(document) ? '' : ajv.errorsText(isNinjs.errors))

const vocabulary = readFileSync(`${root}node_modules/schema-dts/dist/schema.d.ts`, 'utf8')
const known = new Map<string, Set<string>>()

/** The properties that schema.org has for a type, its own and those above it, by Google's typings. */
function propertiesOf(name: string): Set<string> {
  const found = known.get(name)
  if (found) return found
  const [, above = '', inside = ''] =
    new RegExp(`^(?:export )?interface ${name} extends ([^{]*)\\{([\\s\\S]*?)^\\}`, 'm').exec(vocabulary) ?? []
  const own = [...inside.matchAll(/^ {4}"([^"]+)"\??:/gm)].map(([, property]) => property ?? '')
  const parents = [...above.matchAll(/\w+Base/g)].flatMap(([parent]) => [...propertiesOf(parent)])
  const all = new Set([...own, ...parents])
  known.set(name, all)
  return all
}

/** What schema.org does not know: each type that has no such property, with the property. */
export function unknownToSchemaOrg(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(unknownToSchemaOrg)
  if (typeof node !== 'object' || node === null) return []
  const type = String((node as Record<string, unknown>)['@type'])
  const properties = propertiesOf(`${type}Leaf`)
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name.startsWith('@') || properties.has(name) ? [] : [`${type}.${name}`]),
    ...unknownToSchemaOrg(value),
  ])
}
