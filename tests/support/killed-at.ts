import { makeBackup } from '../../src/commands/copying.ts'
import { replaceDatabase } from '../../src/db/replacing.ts'

// Makes or restores a backup, and is killed when a step of it is done.

const [what, step, from = '', to = ''] = process.argv.slice(2)
const dieAt = (done: string) => {
  if (done === step) process.kill(process.pid, 'SIGKILL')
}
if (what === 'backup') await makeBackup(from, to, true, dieAt)
else replaceDatabase(from, to, `${to}.before`, dieAt)
