import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../flow/exchange.ts'
import { readUrl } from './request-url.ts'
import { TurnWrites } from './turn-writes.ts'

const writes = new TurnWrites()

/** A request on node's HTTP server, seen the way the flow sees it. */
export class HttpExchange implements Exchange {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly deployment: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly arrivedAt: number
  readonly #response: ServerResponse

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
    // Of the response, not of the request: that one closes as soon as its body has been read.
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) listener()
    })
  }

  answer(status: number, headers: readonly string[], body: Buffer | string): void {
    this.#response.writeHead(status, [...headers, 'content-length', String(Buffer.byteLength(body))])
    this.#response.end(body)
  }

  open(status: number, headers: readonly string[]): void {
    this.#response.writeHead(status, [...headers])
  }

  write(chunk: Buffer | string): boolean {
    const { socket } = this.#response
    if (socket !== null) writes.hold(socket)
    return this.#response.write(chunk)
  }

  onDrain(listener: () => void): void {
    this.#response.once('drain', listener)
  }

  end(): void {
    this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }
}
