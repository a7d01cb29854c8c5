import type * as z from 'zod'
import type {
  EditorialFront,
  FrontCreate,
  FrontFields,
  FrontPatch,
  FrontVersion,
  FrontVersionSummary,
} from './schema.ts'

// Examples for the OpenAPI document: a homepage of the source document's headlines. The delivery document shows them.

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }
const rails = [
  { key: 'home-top', priority: 100 },
  { key: 'home-politics', priority: 10 },
  { key: 'home-world', priority: 10 },
  { key: 'trending', priority: 0 },
]
const says = { title: 'Homepage', description: 'What matters now, at home and in the world', language: 'en' }

export const front: EditorialFront = {
  key: 'home',
  ...says,
  rails: rails.map((rail) => ({ ...rail, state: rail.key === 'trending' ? 'missing' : 'ok' })),
  version: 3,
  updatedAt: '2026-11-22T18:10:00.000Z',
  updatedBy: desk,
}
export const frontList = { data: [front], page: { limit: 20, next: null, previous: null } }
export const frontReplace: z.input<typeof FrontFields> = { ...says, rails }
export const frontCreate: z.input<typeof FrontCreate> = { key: 'home', ...frontReplace }
export const frontPatch: z.input<typeof FrontPatch> = { rails: rails.filter(({ key }) => key !== 'trending') }

const patched: FrontVersionSummary = {
  version: 3,
  action: 'patch',
  createdAt: '2026-11-22T18:10:00.000Z',
  createdBy: desk,
}
export const versions = { data: [patched], page: { limit: 20, next: null, previous: null } }
export const version: FrontVersion = { ...patched, ...says, rails }
