// The real program, but for a wait: it loads its modules, and starts when it is told to. Loading takes most of the time of a
// start, so a test with many starts lets the next process load while the present one is at work.
import '../../src/app.ts'
import '../../src/db/open.ts'

process.stdin.once('data', () => {
  process.stdin.destroy()
  void import('../../src/main.ts')
})
