import { type Caller, roles } from '../access/schema.ts'

/** Who the command line is: somebody with access to the machine, and so to everything. */
export const commandLine: Caller = {
  id: '00000000-0000-7000-8000-000000000000',
  name: 'Command line',
  role: 'admin',
  scopes: roles.admin,
}
