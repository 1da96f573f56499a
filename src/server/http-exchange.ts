import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../flow/exchange.ts'
import { chunkOf, LAST_CHUNK } from './chunk.ts'
import { readUrl } from './request-url.ts'
import { TurnWrites } from './turn-writes.ts'

const writes = new TurnWrites()

/** A request on node's HTTP server, as the flow sees it. */
export class HttpExchange implements Exchange {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly deployment: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly arrivedAt: number
  readonly #response: ServerResponse
  /** Whether writes are chunk-encoded, which happens here rather than in Node. */
  #isChunked = false

  constructor(request: IncomingMessage, response: ServerResponse, body: Buffer, arrivedAt: number) {
    this.method = request.method ?? 'GET'
    const { path, query, deployment } = readUrl(request.url ?? '/')
    this.path = path
    this.query = query
    this.deployment = deployment
    this.headers = request.headers
    this.body = body
    this.arrivedAt = arrivedAt
    this.#response = response
  }

  get gone(): boolean {
    return this.#response.closed && !this.#response.writableFinished
  }

  onGone(listener: () => void): void {
    if (this.gone) {
      listener()
      return
    }
    // On the response, not the request: that one closes as soon as its body has been read.
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) listener()
    })
  }

  answer(status: number, headers: readonly string[], body: Buffer | string): void {
    this.#response.writeHead(status, [...headers, 'content-length', String(Buffer.byteLength(body))])
    this.#response.end(body)
  }

  open(status: number, headers: readonly string[]): void {
    const response = this.#response
    response.writeHead(status, [...headers])
    this.#isChunked = response.chunkedEncoding
    response.chunkedEncoding = false
  }

  write(chunk: Buffer | string): boolean {
    // An empty chunk would end the body.
    if (chunk.length === 0) return true
    const { socket } = this.#response
    if (socket !== null) writes.hold(socket)
    return this.#response.write(this.#isChunked ? chunkOf(chunk) : chunk)
  }

  onDrain(listener: () => void): void {
    this.#response.once('drain', listener)
  }

  end(): void {
    if (this.#isChunked) this.#response.end(LAST_CHUNK)
    else this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }
}
