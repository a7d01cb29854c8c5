import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, it } from 'vitest'
import { publicKinds } from '../../src/events/schema.ts'
import { startApp } from '../support/app.ts'
import { happen, OPEN, startReceiver, WEBHOOKS } from '../support/receiver.ts'

interface Message {
  post: { requestBody: { content: Record<string, { schema: object; example: unknown }> } }
}

it('each kind of message is in the OpenAPI document, as it is sent, and may grow', async () => {
  const app = await startApp({ settings: OPEN })
  const admin = await app.withRole('admin')
  const receiver = await startReceiver()
  const { id } = (await admin.post(WEBHOOKS, { name: 'All', url: receiver.url }).expect(201)).body
  const payload = { changed: ['title'], tags: ['a', 'b'] }
  const article = {
    ...{ version: 2, slug: 'ferry', formerSlug: 'boat', headline: 'Ferry', url: 'https://news.example/ferry' },
    ...{ sections: ['world'], language: 'en', reason: null },
  }
  for (const kind of publicKinds) {
    const isArticle = kind.startsWith('article.')
    const of = isArticle ? '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' : 'one'
    await happen(app, { kind, id: of, payload: { ...payload, ...(isArticle && article) } }, { kind, id: of })
  }
  const subject = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
  await admin.post(WEBHOOKS, { name: 'The desk', url: receiver.url, kinds: ['desk.*'] }).expect(201)
  await happen(app, { kind: 'desk.patchArticle', id: subject, payload: { version: 2, changed: ['body'] } })
  await admin.post(`${WEBHOOKS}/${id}/test`).expect(202)
  await app.services.sender.tick()
  const ofDesk = (type: string) => type.startsWith('desk.')
  expect(receiver.received.filter(({ type }) => !ofDesk(type))).toHaveLength(2 * publicKinds.length + 1)

  const document = app.documents.editorial as { webhooks: Record<string, Message> }
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'document' })
  expect(Object.keys(document.webhooks)).toEqual([...publicKinds, 'desk.*', 'webhook.test'])
  for (const [kind, { post }] of Object.entries(document.webhooks)) {
    const { schema, example } = post.requestBody.content['application/json'] ?? { schema: {}, example: {} }
    const validate = ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components')),
    )
    const bodies = receiver.received
      .filter(({ type }) => (kind === 'desk.*' ? ofDesk(type) : type === kind))
      .map(({ body }) => JSON.parse(body))
    expect(bodies.length).toBeGreaterThan(0)
    const grown = bodies.map((body) => ({ ...body, more: 1, data: { ...body.data, more: 1 } }))
    for (const each of [example, ...bodies, ...grown])
      expect(validate(each), `${kind}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(each)}`).toBe(true)
  }
})
