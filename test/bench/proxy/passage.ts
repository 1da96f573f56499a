import type { ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'

/** Hop-by-hop headers. */
const DROPPED = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])

/** A request's headers as sent upstream, as a flat list of names and values. */
export function passedOn(rawHeaders: readonly string[]): string[] {
  const headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!DROPPED.has(name.toLowerCase())) headers.push(name, rawHeaders[index + 1] ?? '')
  }
  return headers
}

/**
 * Pipes a response from undici's dispatch to node's response, chunk by chunk, with backpressure, and nothing
 * else.
 */
export class Passage implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse
  #controller: Dispatcher.DispatchController | undefined

  constructor(response: ServerResponse) {
    this.#response = response
    response.once('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('the client left'))
    })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    delete headers.connection
    delete headers['transfer-encoding']
    delete headers['keep-alive']
    this.#response.writeHead(status, headers)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return
    controller.pause()
    this.#response.once('drain', () => controller.resume())
  }

  onResponseEnd(_controller?: Dispatcher.DispatchController): void {
    this.#response.end()
  }

  onResponseError(): void {
    this.#response.destroy()
  }
}
