import { connect } from 'node:net'
import { test } from 'vitest'
import { startApp } from '../support/app.ts'
import request from 'supertest'
const raw = (port: number, text: string, ms = 1500) => new Promise<string>((resolve) => {
  const s = connect(port, '127.0.0.1'); let got = ''
  s.on('data', (d) => { got += d }); s.on('close', () => resolve(got)); s.on('error', (e) => resolve(`${got} ERR ${e.message}`))
  s.write(text); setTimeout(() => { s.destroy(); resolve(got) }, ms).unref()
})
test('probe', async () => {
  const app = await startApp({ settings: { REQUEST_TIMEOUT_MS: '500', CORS_ORIGINS: 'https://desk.example' } })
  const ed = await app.withRole('editor')
  const show = (n: string, r: any) => console.log(n, r.status, JSON.stringify(r.headers), (r.text ?? '').slice(0, 300))
  const rq = request(app.origin)
  show('badpct', await rq.get('/v1/articles/%E0%A4%A').set('x-request-id', 'mine'))
  show('longparam', await rq.get('/v1/articles/' + 'a'.repeat(1500)).set('x-request-id', 'mine'))
  show('longparam300', await rq.get('/v1/articles/' + 'a'.repeat(300)))
  show('pcted', await rq.get('/v1/%65ditorial/articles').set('origin', 'https://evil.example').set('authorization', `Bearer ${ed.key}`))
  show('pct405', await rq.delete('/v1/%61rticles'))
  show('405xml', await rq.post('/v1/articles').set('content-type', 'text/xml').send('<a/>'))
  show('404xml', await rq.post('/v1/nix').set('content-type', 'text/xml').send('<a/>'))
  show('405badjson', await rq.post('/v1/articles').set('content-type', 'application/json').send('{'))
  show('415put', await rq.put('/v1/editorial/articles/x').set('authorization', `Bearer ${ed.key}`).set('content-type', 'text/xml').send('<a/>'))
  show('415none', await rq.post('/v1/editorial/articles').set('authorization', `Bearer ${ed.key}`).set('content-type', '').send('abc'))
  show('emptyjson', await rq.post('/v1/editorial/articles').set('authorization', `Bearer ${ed.key}`).set('content-type', 'application/json'))
  show('nobody', await rq.post('/v1/editorial/articles').set('authorization', `Bearer ${ed.key}`))
  console.log('nohost', await raw(app.port, 'GET /v1/articles HTTP/1.1\r\n\r\n'))
  console.log('twohost', await raw(app.port, 'GET /v1/articles HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'))
  console.log('expect', await raw(app.port, 'GET /v1/articles HTTP/1.1\r\nHost: a\r\nExpect: foo\r\nConnection: close\r\n\r\n'))
  console.log('abs', await raw(app.port, 'GET http://x/v1/editorial/articles HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n'))
  console.log('cl', await raw(app.port, 'POST /v1/articles HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n'))
  console.log('method', await raw(app.port, 'FOO /v1/articles HTTP/1.1\r\nHost: a\r\n\r\n'))
  console.log('propfind', await raw(app.port, 'PROPFIND /v1/articles HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  console.log('slow', await raw(app.port, `POST /v1/editorial/articles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ed.key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`, 4000))
  console.log('431', (await raw(app.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20000)}\r\n\r\n`)).slice(0, 600))
  console.log('garbage', await raw(app.port, `hello\r\n\r\n`))
  const pub = await ed.post('/v1/editorial/articles', { headline: 'One', bodyText: 'x', publish: true })
  show('412', await ed.patch(`/v1/editorial/articles/${pub.body.id}`, { headline: 'b' }, 7))
  const c = await app.withRole('contributor')
  show('pub403', await c.post('/v1/editorial/articles', { headline: 'One', publish: true }))
  const f = (await import('../../src/http/paging.ts')).encodeCursor({ direction: 'after', at: '0000-01-01T00:00:00.000Z', id: 'x' }, { section: undefined, tag: undefined, author: undefined })
  show('cursor0', await app.nobody.get(`/v1/articles?cursor=${f}`))
  const f2 = (await import('../../src/http/paging.ts')).encodeCursor({ direction: 'after', at: '2026-01-01T00:00:00.000Z', id: '\0' }, {})
  show('cursorNUL', await app.nobody.get(`/v1/articles?cursor=${f2}`))
  show('qq', await app.nobody.get(`/v1/articles?section=a?b&limit=1`))
  for (const p of ['/', '/docs', '/docs/', '/docs/problems', '/docs/problems/not-found', '/health/live', '/openapi/delivery.json', '/robots.txt', '/v1', '/v1/editorial', '/v1/editorial/articles/', '/v1/articles?limit=1&limit=2', '/v1/articles?__proto__=1', '/v1/articles?section[]=1']) {
    const r = await rq.get(p); console.log(p, r.status, JSON.stringify(r.headers), (r.text ?? '').slice(0, 200))
  }
})
