import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// `npm run check`: style, types, the flow of imports and both linters over both OpenAPI documents. Silent if all is well.

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = ['openapi/delivery.json', 'openapi/editorial.json']

const checks: Record<string, string[]> = {
  biome: ['check', '--error-on-warnings', '.'],
  tsc: ['-p', '.'],
  vitest: ['run', '--config', 'tests/vitest.config.ts', '--project', 'pure', 'tests/static'],
  redocly: ['lint', '--extends=recommended', '--format=stylish', ...documents],
  spectral: ['lint', '--ruleset', 'tests/spectral.yaml', '--fail-severity=hint', ...documents],
}

/** Answers what a check printed if it found something, else ''. Redocly exits 0 with warnings, so its words count. */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }
    const child = spawn(`${root}node_modules/.bin/${command}`, args, { cwd: root, env })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk))
    child.on('error', (error) => resolve(`${command}: ${error.message}\n`))
    child.on('close', (code) => {
      const isWarned = command === 'redocly' && /\bwarnings?\b/i.test(printed)
      resolve(code === 0 && !isWarned ? '' : `${command}:\n${printed}\n`)
    })
  })
}

const found = await Promise.all(Object.entries(checks).map(([command, args]) => run(command, args)))
process.stderr.write(found.join(''))
process.exitCode = found.every((text) => text === '') ? 0 : 1
