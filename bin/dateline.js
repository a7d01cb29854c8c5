#!/usr/bin/env node
// The command line, run by the Node that the project brings, whichever the machine has.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const brought = inProject('node_modules/node/bin/node')
const node = existsSync(brought) ? brought : process.execPath
const { status, signal } = spawnSync(node, [inProject('src/cli.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
if (signal !== null) process.kill(process.pid, signal)
process.exitCode = status ?? 1
