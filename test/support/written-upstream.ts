import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'

/** An upstream that answers with what a test specifies, byte for byte. */
export interface WrittenUpstream {
  readonly baseUrl: string
  /** Requests received so far. */
  readonly count: number
}

/**
 * Ends with the test, or (given `{ after }`) with its file. `answer` gets the request's 0-based number, once
 * its body has been read.
 */
export async function startWritten(
  test: { after(end: () => void): void },
  answer: (
    response: ServerResponse,
    index: number,
    request: IncomingMessage,
    body: Buffer,
  ) => void | Promise<void>,
): Promise<WrittenUpstream> {
  let count = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => void answer(response, count++, request, Buffer.concat(chunks)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get count() {
      return count
    },
  }
}

/**
 * Sends a stream in pieces of these sizes, repeated cyclically; each is on the wire before the next is
 * written.
 */
export async function writeStream(
  response: ServerResponse,
  text: string,
  sizes: readonly number[],
): Promise<void> {
  const bytes = Buffer.from(text)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.socket?.setNoDelay(true)
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    response.write(bytes.subarray(at, at + size))
    at += size
    await setImmediate()
  }
  response.end()
}

/** A request without special properties. */
export function chatBody(more: object = {}): object {
  return { model: 'trivium/pin:gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...more }
}

/** A stream frame in OpenAI's format. */
export function frame(rest: object): string {
  const opening = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-4o-2024-08-06',
  }
  return `data: ${JSON.stringify({ ...opening, ...rest })}\n\n`
}
