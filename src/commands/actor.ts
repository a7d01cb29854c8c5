import { type Caller, roles } from '../access/schema.ts'
import { COMMAND_LINE } from '../access/service.ts'

/** Who the command line is: somebody with access to the machine, and so to everything. */
export const commandLine: Caller = {
  ...COMMAND_LINE,
  role: 'admin',
  scopes: roles.admin,
}
