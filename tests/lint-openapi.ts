import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// Both linters over both documents, as part of `npm run check`. Silent where they find nothing; exit 1 otherwise.

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const documents = ['openapi/delivery.json', 'openapi/editorial.json']
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }

const linters: [string, string[]][] = [
  ['redocly', ['lint', '--extends=recommended', '--max-problems=100', '--format=summary', ...documents]],
  ['spectral', ['lint', '--ruleset', 'tests/spectral.yaml', '--fail-severity=hint', '--quiet', ...documents]],
]

const findings = await Promise.all(
  linters.map(async ([command, args]) => {
    try {
      const { stdout, stderr } = await run(`${root}node_modules/.bin/${command}`, args, { cwd: root, env })
      return /warning|error/i.test(stdout + stderr) ? `${stdout}${stderr}` : ''
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      return `${stdout}${stderr}` || String(error)
    }
  }),
)
for (const text of findings) process.stderr.write(text)
process.exitCode = findings.every((text) => text === '') ? 0 : 1
