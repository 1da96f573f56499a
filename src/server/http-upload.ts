import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '../base/failure.ts'
import type { ReadBody, Upload } from '../flow/exchange.ts'
import { expectationOf } from './expectation.ts'
import { unpack } from './unpack.ts'

/** Maximum sizes of bodies, in bytes. */
export interface BodyLimits {
  /** For a body buffered in memory, compressed or not. */
  readonly maxBodyBytes: number
  /** For a body that streams through. */
  readonly maxUploadBytes: number
}

/** A body on node's HTTP server, not yet read; the client may still be waiting for `100 Continue`. */
export class HttpUpload implements Upload {
  readonly length: number | undefined
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #limits: BodyLimits

  constructor(request: IncomingMessage, response: ServerResponse, limits: BodyLimits) {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers
    this.length = coding === undefined ? Number(length ?? 0) : undefined
    this.#request = request
    this.#response = response
    this.#limits = limits
  }

  get exceedsMemory(): boolean {
    return this.length !== undefined && this.length > this.#limits.maxBodyBytes
  }

  async read(): Promise<ReadBody> {
    const { maxBodyBytes } = this.#limits
    this.#refuseAbove(maxBodyBytes)
    const chunks: Buffer[] = []
    for await (const chunk of this.#bytes(maxBodyBytes)) chunks.push(chunk)
    const sent = Buffer.concat(chunks)
    const plain = await unpack(sent, this.#request.headers['content-encoding'], maxBodyBytes)
    return { sent, plain }
  }

  stream(): AsyncIterable<Buffer> {
    this.#refuseAbove(this.#limits.maxUploadBytes)
    return this.#bytes(this.#limits.maxUploadBytes)
  }

  /** By the declared length, before anything is read. */
  #refuseAbove(mostBytes: number): void {
    if (this.length !== undefined && this.length > mostBytes) throw tooLarge(mostBytes)
  }

  async *#bytes(mostBytes: number): AsyncGenerator<Buffer> {
    if (expectationOf(this.#request) !== undefined) this.#response.writeContinue()
    let bytes = 0
    try {
      for await (const chunk of this.#request.iterator({ destroyOnReturn: false })) {
        bytes += chunk.length
        if (bytes > mostBytes) throw tooLarge(mostBytes)
        yield chunk
      }
    } catch (thrown) {
      throw thrown instanceof Refusal ? thrown : new Refusal({ code: 'client_left' }, thrown)
    } finally {
      // If nobody wants the rest, it is read all the same: many clients read no answer before all of it is sent.
      this.#request.resume()
    }
  }
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal({ code: 'body_too_large', limitBytes })
}
