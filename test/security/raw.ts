import { connect } from 'node:net'
import type { TestContext } from 'node:test'

/** What came back on one connection, until the other side closed it. */
export interface Spoken {
  /** Bytes as they came, one character each. */
  readonly text: string
  /** Status of every answer, in order. */
  readonly statuses: readonly number[]
}

/**
 * Sends these bytes on a connection of their own, half-closes it if `end` is set, and collects all that comes
 * back.
 */
export function speak(t: TestContext, url: string, bytes: string, { end = true } = {}): Promise<Spoken> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    t.after(() => socket.destroy())
    let text = ''
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.once('close', () => {
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
      resolve({ text, statuses })
    })
    socket.write(bytes, 'latin1')
    if (end) socket.end()
  })
}

/** The head of a chat request, with these lines in place of its content-length. */
export function chatHead(...lines: readonly string[]): string {
  return [
    'POST /v1/chat/completions HTTP/1.1',
    'host: trivium',
    'authorization: Bearer sk-test',
    'content-type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n')
}
