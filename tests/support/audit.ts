import { desc } from 'drizzle-orm'
import type { TestApp } from './app.ts'

/** What the audit holds, newest first, as it is stored; refusals too. */
export async function auditRows(app: TestApp) {
  await app.services.audit.writeRefusals()
  const { audit } = app.db.tables
  return app.db.read.select().from(audit).orderBy(desc(audit.at), desc(audit.id))
}
