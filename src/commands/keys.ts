import { type Grant, grants, KeyCreate, type Role, roleNames } from '../access/schema.ts'
import { isUuid } from '../shared/fields.ts'
import { withServices } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const usage = `Usage: npm run --silent keys -- create --role ${roleNames.join('|')} --name "News desk" [--scope ${grants.join('|')}]…
       npm run --silent keys -- list
       npm run --silent keys -- revoke ID`

/** Makes, lists and revokes API keys. `create` prints the key as its only line, so that a script can take it. */
export async function keys(args: string[]): Promise<number> {
  const [action, ...rest] = args
  if (action === 'create') return create(rest)
  if (action === 'list' && rest.length === 0) return list()
  if (action === 'revoke' && rest.length === 1) return revoke(rest[0] ?? '')
  throw new CommandError(usage)
}

async function create(args: string[]): Promise<number> {
  const options = {
    role: { type: 'string' },
    name: { type: 'string' },
    scope: { type: 'string', multiple: true },
  } as const
  const { values } = parseCommand({ args, options }, usage)
  const role = roleNames.find((each) => each === values.role) as Role | undefined
  const name = KeyCreate.shape.name.safeParse(values.name)
  if (role === undefined) throw new CommandError(`--role must be one of: ${roleNames.join(', ')}\n${usage}`)
  if (!name.success)
    throw new CommandError(`--name must say whose key it is, in one line of 1 to 100 characters\n${usage}`)
  const scopes = values.scope ?? []
  const isGrant = (scope: string): scope is Grant => (grants as readonly string[]).includes(scope)
  if (!scopes.every(isGrant)) throw new CommandError(`--scope must be one of: ${grants.join(', ')}\n${usage}`)
  const { key } = await withServices(({ access }) => access.create(name.data, role, scopes))
  process.stdout.write(`${key}\n`)
  return 0
}

async function list(): Promise<number> {
  const all = await withServices(({ access }) => access.list())
  for (const { id, role, hint, createdAt, revokedAt, name } of all) {
    process.stdout.write(
      `${id}  ${role.padEnd(11)}  …${hint}  ${createdAt}  ${revokedAt ? `revoked ${revokedAt}` : 'valid'}  ${name}\n`,
    )
  }
  return 0
}

async function revoke(id: string): Promise<number> {
  if (!isUuid(id)) throw new CommandError(`"${id}" is not the id of a key; "list" shows them\n${usage}`)
  const key = await withServices(({ access }) => access.revoke(id))
  process.stdout.write(`The key of ${key.name} is revoked.\n`)
  return 0
}
