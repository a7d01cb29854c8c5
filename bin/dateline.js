#!/usr/bin/env node
// The command line, run by the Node that the project brings, whichever the machine has.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const brought = inProject('node_modules/node/bin/node')
const node = existsSync(brought) ? brought : process.execPath
const quickly = ['--import', new URL('../bin/quick-start.js', import.meta.url).href]
// By the fourth the work sees when this process is gone, also where it was killed without a word.
const stdio = ['inherit', 'inherit', 'inherit', 'ipc']
const child = spawn(node, [...quickly, inProject('src/cli.ts'), ...process.argv.slice(2)], { stdio })
// Whoever ends this means the work, which must not go on without anybody.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.on('exit', (status, signal) => {
  if (signal === null) process.exitCode = status ?? 1
  else {
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  }
})
