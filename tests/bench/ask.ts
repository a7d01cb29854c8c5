import { Agent, get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

// Asks for each path in turns, so that whatever slows the machine down slows all of them, and answers the medians in ms.

const { port, paths } = workerData as { port: number; paths: string[] }
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const ROUNDS = 300

const ask = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const from = performance.now()
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`))
      response.resume().once('end', () => resolve(performance.now() - from))
    }).once('error', reject)
  })

const times = paths.map(() => [] as number[])
for (let round = -50; round < ROUNDS; round++) {
  for (const [n, path] of paths.entries()) {
    const ms = await ask(path)
    if (round >= 0) times[n]?.push(ms)
  }
}
const medianOf = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]
parentPort?.postMessage(times.map(medianOf))
agent.destroy()
