import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '../base/failure.ts'
import type { ReadBody, Upload } from '../flow/exchange.ts'
import { expectationOf } from './expectation.ts'
import { unpack } from './unpack.ts'

/** How large bodies may be, in bytes. */
export interface BodyLimits {
  /** Of one that is held in memory, before and after its compression is undone. */
  readonly maxBodyBytes: number
  /** Of one that streams through. */
  readonly maxUploadBytes: number
}

/** A body on node's HTTP server that nobody has read yet, nor asked for where its client waits for that. */
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

  /** By its client's word, before anything is read. */
  #refuseAbove(mostBytes: number): void {
    if (this.length !== undefined && this.length > mostBytes) throw tooLarge(mostBytes)
  }

  async *#bytes(mostBytes: number): AsyncGenerator<Buffer> {
    if (expectationOf(this.#request) !== undefined) this.#response.writeContinue()
    let bytes = 0
    try {
      for await (const chunk of this.#request) {
        bytes += chunk.length
        if (bytes > mostBytes) throw tooLarge(mostBytes)
        yield chunk
      }
    } catch (thrown) {
      throw thrown instanceof Refusal ? thrown : new Refusal({ code: 'client_left' }, thrown)
    }
  }
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal({ code: 'body_too_large', limitBytes })
}
