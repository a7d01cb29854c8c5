import * as z from 'zod'
import { instant, line, uuid } from '../shared/fields.ts'

/** What a key may do. A role is a named set of scopes; code asks for scopes, never for roles. */
export const scopes = [
  'delivery:read',
  'changes:read',
  'embargo:read',
  'preview:read',
  'articles:write-own',
  'articles:write',
  'articles:publish',
  'articles:erase',
  'rails:write',
  'taxonomy:write',
  'releases:write',
  'import:write',
  'export:read',
  'audit:read',
  'keys:write',
  'webhooks:write',
] as const
export type Scope = (typeof scopes)[number]

/** Who writes articles: all of them, or drafts of their own. One of the two is enough; what they may see differs. */
export const writers = ['articles:write', 'articles:write-own'] as const satisfies readonly Scope[]

/** Scopes that a key may have besides those of its role: what is not public yet, for partners and front ends. */
export const grants = ['embargo:read', 'preview:read'] as const satisfies readonly Scope[]
export type Grant = (typeof grants)[number]

const editor: Scope[] = [
  'delivery:read',
  'changes:read',
  'embargo:read',
  'preview:read',
  'articles:write-own',
  'articles:write',
  'articles:publish',
  'rails:write',
  'taxonomy:write',
  'releases:write',
  'import:write',
]

export const roles = {
  reader: ['delivery:read'],
  partner: ['delivery:read', 'changes:read'],
  contributor: ['delivery:read', 'articles:write-own'],
  editor,
  admin: [...editor, 'articles:erase', 'export:read', 'audit:read', 'keys:write', 'webhooks:write'],
} as const satisfies Record<string, readonly Scope[]>

export type Role = keyof typeof roles
export const roleNames = Object.keys(roles) as [Role, ...Role[]]

export const RoleName = z.enum(roleNames).meta({ id: 'Role', description: 'A named set of scopes' })

/** Who is asking. */
export interface Caller {
  id: string
  name: string
  role: Role
  scopes: readonly Scope[]
}

export const may = (caller: Caller, scope: Scope): boolean => caller.scopes.includes(scope)

export const KeyCreate = z
  .strictObject({
    name: line(100).meta({ description: 'Whose it is', example: 'News desk' }),
    role: RoleName,
    scopes: z
      .array(z.enum(grants))
      .max(grants.length)
      .optional()
      .meta({ description: 'What it may do besides what its role may: see pieces under embargo, or the future' }),
  })
  .meta({ id: 'KeyCreate', description: 'A new key' })

const keyFields = {
  id: uuid,
  name: z.string(),
  role: RoleName,
  scopes: z.array(z.string()).meta({ description: 'Those besides the scopes of the role' }),
  hint: z.string().meta({ description: 'The last four characters of the key' }),
  createdAt: instant,
  revokedAt: instant.nullable(),
}
export const Key = z.strictObject(keyFields).meta({ id: 'Key', description: 'An API key, without its secret' })
export const KeyCreated = z
  .strictObject({ ...keyFields, key: z.string().meta({ description: 'The secret. Shown this once' }) })
  .meta({ id: 'KeyCreated', description: 'A new key with its secret' })
export const KeyList = z
  .strictObject({ data: z.array(Key) })
  .meta({ id: 'KeyList', description: 'All keys, newest first' })
export const Me = z
  .strictObject({ id: uuid, name: z.string(), role: RoleName, scopes: z.array(z.string()) })
  .meta({ id: 'Me', description: 'The key that asks' })

export type Key = z.output<typeof Key>
export type KeyCreated = z.output<typeof KeyCreated>
