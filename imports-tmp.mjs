// time and memory for each of some imports, in order
import { performance } from 'node:perf_hooks'
const base='/work/wt-start/'
for (const m of process.argv.slice(2)) {
  const t=performance.now(), c=process.cpuUsage(), r=process.memoryUsage()
  await import(m.startsWith(".")? base+m : m)
  const u=process.cpuUsage(c), q=process.memoryUsage()
  console.log(m.padEnd(40), (performance.now()-t).toFixed(0)+' ms', ((u.user+u.system)/1000).toFixed(0)+' cpu ms', 'rss +'+((q.rss-r.rss)/1048576).toFixed(1), 'heap +'+((q.heapUsed-r.heapUsed)/1048576).toFixed(1), 'rss '+(q.rss/1048576).toFixed(0))
}
