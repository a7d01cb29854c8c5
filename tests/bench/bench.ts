// `npm run bench`: what is fast beside what could be; `npm run bench -- reading`, `-- importing`, `-- listeners`, `-- workers`: the others.
const names = ['targets', 'reading', 'importing', 'listeners', 'workers']
const given = process.argv.slice(2)
const [wanted = 'targets', ...rest] = given[0]?.startsWith('--') ? ['targets', ...given] : given
if (!names.includes(wanted)) {
  process.stderr.write(`Known are ${names.join(', ')}\n`)
  process.exit(2)
}
process.argv.splice(2, process.argv.length, ...rest)
const started = await import(`./${wanted}.ts`)
await started.bench?.()
