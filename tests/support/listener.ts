import { type ClientRequest, get, type IncomingMessage } from 'node:http'

/** What a stream of events has said, as its bytes came, and what of it were events. */
export interface Heard {
  id: string
  data: { id: string; kind: string; subject: { kind: string; id: string }; headline?: string; slug?: string }
}

/** Listens to a stream, and keeps all that it says. */
export async function listenTo(url: string, headers: Record<string, string> = {}) {
  let request: ClientRequest | undefined
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: false }, resolve).on('error', reject)
  })
  let text = ''
  let isOver = false
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  response.on('close', () => {
    isOver = true
  })
  response.on('error', () => undefined)
  const heard = (): Heard[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((part) => {
        const id = /^id: (.*)$/m.exec(part)?.[1] ?? ''
        const data = /^data: (.*)$/m.exec(part)?.[1]
        return data === undefined ? [] : [{ id, data: JSON.parse(data) as Heard['data'] }]
      })
  return {
    status: response.statusCode,
    headers: response.headers,
    text: () => text,
    heard,
    isOver: () => isOver,
    stop: () => request?.destroy(),
    /** The kinds of what came, without what they are of. */
    kinds: () => heard().map(({ data }) => data.kind),
  }
}
export type Listener = Awaited<ReturnType<typeof listenTo>>
