import { connect } from 'node:net'

export interface WireAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/**
 * Sends bytes as they are and answers what comes back until the other side closes. For what no HTTP client would send;
 * the request must ask for `Connection: close`, or be so broken that the server closes.
 */
export function exchange(port: number, bytes: string | Buffer): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      got += text
    })
    // A server that has answered may reset what it did not read.
    socket.on('error', (error) => (got === '' ? reject(error) : resolve(parse(got))))
    socket.on('close', () => resolve(parse(got)))
  })
}

function parse(text: string): WireAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [start = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return { status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') }
}
