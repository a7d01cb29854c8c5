// The part of IPTC's ninjs 3.1 schema that texts with pictures and related texts use, written by hand after
// ninjs-schema_3.1.json (IPTC, CC BY 4.0): names, types and what is required, closed like the original.

const string = { type: 'string' }
const uri = { type: 'string', format: 'uri' }
const time = { type: 'string', format: 'date-time' }
const integer = { type: 'integer' }
const closed = (properties: object, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
const listOf = (items: object) => ({ type: 'array', items })
const said = (more: object = {}) =>
  listOf(closed({ role: string, contentType: string, value: string, ...more }, ['value']))
const rendition = closed(
  {
    ...{ name: string, href: uri, contentType: string, title: string, width: integer, height: integer },
    poi: closed({ x: integer, y: integer }),
  },
  ['name'],
)

export const ninjsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json',
  $defs: {
    ninjs: {
      type: 'object',
      properties: {
        uri,
        type: { enum: 'text audio video picture graphic composite component event planning'.split(' ') },
        representationType: { enum: ['full', 'partial'] },
        ...{ profile: string, version: string, firstCreated: time, versionCreated: time, contentCreated: time },
        ...{ embargoedUntil: time, expires: time },
        pubStatus: { enum: ['usable', 'withheld', 'canceled'] },
        urgency: { type: 'integer', minimum: 1, maximum: 9 },
        ...{ copyrightHolder: string, copyrightNotice: string, usageTerms: string, edNote: string, language: string },
        ...{ title: string, by: string, slugline: string, located: string },
        descriptions: said(),
        headlines: said(),
        bodies: said({ charCount: integer, wordCount: integer }),
        subjects: listOf(closed({ name: string, rel: string, uri, literal: string, creator: string })),
        infoSources: listOf(closed({ name: string, role: string, uri, literal: string })),
        renditions: listOf(rendition),
        associations: listOf({
          $ref: '#/$defs/ninjs',
          properties: { name: string, rel: string },
          required: ['name', 'uri'],
          unevaluatedProperties: false,
        }),
        altIds: listOf(closed({ role: string, value: string })),
        standard: closed({ name: string, version: string, schema: uri }),
      },
    },
  },
  $ref: '#/$defs/ninjs',
  required: ['uri'],
  unevaluatedProperties: false,
}
