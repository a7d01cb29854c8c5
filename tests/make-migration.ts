import { execFileSync } from 'node:child_process'

// `npm run migration -- NAME` writes the next migration of both engines, so that they always have the same names.

const [name] = process.argv.slice(2)
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write('Usage: npm run migration -- name_in_lower_case\n')
  process.exit(2)
}
for (const engine of ['sqlite', 'postgres']) {
  const env = { ...process.env, DB_DIALECT: engine }
  execFileSync('drizzle-kit', ['generate', '--name', name], { env, stdio: 'inherit' })
}
