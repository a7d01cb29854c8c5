import { defineConfig } from 'drizzle-kit'

// One file for both engines: DB_DIALECT says which, `npm run migration -- NAME` runs it for each.
const engine = process.env.DB_DIALECT === 'postgres' ? 'postgres' : 'sqlite'

export default defineConfig({
  dialect: engine === 'postgres' ? 'postgresql' : 'sqlite',
  schema: `./src/db/schema.${engine}.ts`,
  out: `./migrations/${engine}`,
})
