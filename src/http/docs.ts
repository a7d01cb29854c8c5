import { createHash } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { library, onFirstUse } from '../shared/first-use.ts'
import { Problem, type ProblemCode, problems } from '../shared/problem.ts'
import { isNotModified } from './etag.ts'
import type { App } from './operation.ts'
import { problemPages } from './problem-pages.ts'

const yaml = library<typeof import('yaml')>('yaml')

export interface Document {
  name: 'delivery' | 'editorial'
  title: string
  make: () => object
}

/** The page loads nothing from elsewhere and sends nothing anywhere else. */
const PAGE_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The OpenAPI documents, the reference in a browser, and a page for each problem code. */
export function docsRoutes(app: App, documents: Document[]): void {
  for (const { name, make } of documents) {
    const texts = onFirstUse(() => {
      const document = make()
      return {
        json: JSON.stringify(document, null, 2),
        yaml: yaml().stringify(document, { aliasDuplicateObjects: false }),
      }
    })
    for (const form of ['json', 'yaml'] as const) {
      app.get(`/openapi/${name}.${form}`, { schema: { hide: true } }, (request, reply) => {
        const text = texts()[form]
        const etag = etagOf(text)
        reply.header('etag', etag).header('cache-control', 'public, max-age=60')
        if (isNotModified(request.headers['if-none-match'], etag)) return reply.code(304).send()
        return reply
          .type(form === 'json' ? 'application/json; charset=utf-8' : 'application/yaml; charset=utf-8')
          .send(text)
      })
    }
  }

  const reference = onFirstUse(() => makeReference(documents))
  const pages = new Map<string, { type: string; bytes: Buffer; etag: string }>()
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.code(204).send())
  app.get('/docs', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/', 301))
  for (const path of ['/docs/', '/docs/js/scalar.js']) {
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      // One copy for all who ask: it is 5 MB.
      const page = pages.get(path) ?? (await rendered(await reference(), path))
      pages.set(path, page)
      reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'public, max-age=300')
      reply.header('etag', page.etag)
      if (isNotModified(request.headers['if-none-match'], page.etag)) return reply.code(304).send()
      return reply.type(page.type).send(page.bytes)
    })
  }

  app.get('/docs/problems', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(problemIndex()),
  )
  app.get<{ Params: { code: string } }>('/docs/problems/:code', { schema: { hide: true } }, (request, reply) => {
    const { code } = request.params
    if (!Object.hasOwn(problems, code)) throw new Problem('not-found', 'There is no such problem code.')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .send(problemPage(code as ProblemCode))
  })
}

async function rendered(reader: FastifyInstance, path: string) {
  const { headers, rawPayload: bytes } = await reader.inject(path)
  return { type: String(headers['content-type']), bytes, etag: etagOf(bytes) }
}

const etagOf = (content: string | Buffer): string =>
  `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`

/** The reader's script is 5 MB, so it is loaded when somebody first opens the page, in a server of its own that never listens. */
async function makeReference(documents: Document[]): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const inner = Fastify({ logger: false })
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      pageTitle: 'Dateline API',
      sources: documents.map(({ name, title }) => ({ url: `/openapi/${name}.json`, title, slug: name })),
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    },
  })
  await inner.ready()
  return inner
}

const problemIndex = (): string =>
  page(
    'Problems',
    `<p>Every answer that is not a success is a problem document (RFC 9457). Its <code>code</code> is one of these.</p>
<ul>${(Object.keys(problems) as ProblemCode[])
      .map(
        (code) =>
          `<li><a href="/docs/problems/${code}"><code>${code}</code></a> (${problems[code][0]}): ${problems[code][1]}</li>`,
      )
      .join('\n')}</ul>`,
  )

function problemPage(code: ProblemCode): string {
  const [status, title] = problems[code]
  const { meaning, remedy } = problemPages[code]
  return page(
    title,
    `<p><code>${code}</code>, HTTP status ${status}</p>
<p>${marked(meaning)}</p>
<h2>What to do</h2>
<p>${marked(remedy)}</p>
<p><a href="/docs/problems">All problems</a> · <a href="/docs/">The reference</a></p>`,
  )
}

/** Our own texts, with words in backquotes as code. */
const marked = (text: string): string => text.replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Dateline</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em;border-radius:.2em}:root{color-scheme:light dark}</style>
<h1>${title}</h1>
${body}
</html>
`
