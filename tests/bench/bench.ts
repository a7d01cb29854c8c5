// `npm run bench`: how long reading takes; `npm run bench -- importing`, `-- listeners`: the others.
const names = ['reading', 'importing', 'listeners']
const [wanted = 'reading', ...rest] = process.argv.slice(2)
if (!names.includes(wanted)) {
  process.stderr.write(`Known are ${names.join(', ')}\n`)
  process.exit(2)
}
process.argv.splice(2, process.argv.length, ...rest)
const started = await import(`./${wanted}.ts`)
await started.bench?.()
