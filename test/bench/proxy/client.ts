import { connect, type Socket } from 'node:net'
import type { Door, Kind } from './order.ts'
import { requestOf } from './request.ts'

/** One connection, one request at a time. */
export class Client {
  errors = 0
  firstError: string | undefined
  isBusy = false
  readonly #door: Door
  readonly #kind: Kind
  readonly #socket: Socket
  #answer: Buffer[] = []
  #length = 0
  #dueAt = 0
  #firstByteAt = 0
  #answered: (firstByteMs: number, totalMs: number) => void = () => {}

  constructor(door: Door, kind: Kind) {
    this.#door = door
    this.#kind = kind
    this.#socket = connect({ port: door.port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#socket.on('error', (error) => this.#fail(error.message))
  }

  /** Resolves when connected. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve)
      this.#socket.once('error', reject)
    })
  }

  /** `dueAt`: when the request should have been sent, which may be a while ago. */
  ask(dueAt: number, answered: (firstByteMs: number, totalMs: number) => void): void {
    this.isBusy = true
    this.#dueAt = dueAt
    this.#firstByteAt = 0
    this.#answered = answered
    this.#socket.write(requestOf(this.#kind, this.#door))
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    if (this.#length === 0) this.#firstByteAt = performance.now()
    this.#answer.push(chunk)
    this.#length += chunk.length
    if (this.#isWhole(chunk)) this.#end()
  }

  #end(): void {
    const answer = this.#answer.length === 1 ? this.#answer[0] : Buffer.concat(this.#answer)
    const isGood = answer?.toString('latin1', 9, 12) === '200'
    if (!isGood || (this.#kind.chunks > 0 && !answer.includes('[DONE]'))) {
      this.#fail(answer?.toString('utf8', 0, 400) ?? '')
    }
    this.#answer = []
    this.#length = 0
    this.isBusy = false
    this.#answered(this.#firstByteAt - this.#dueAt, performance.now() - this.#dueAt)
  }

  /** Complete by content length if the head has one, otherwise by the last chunk. */
  #isWhole(newest: Buffer): boolean {
    const first = this.#answer[0] ?? newest
    const head = first.indexOf('\r\n\r\n')
    const length = /content-length: *(\d+)/i.exec(first.toString('latin1', 0, Math.max(0, head)))?.[1]
    if (length !== undefined) return this.#length >= head + 4 + Number(length)
    return newest.subarray(-5).toString('latin1') === '0\r\n\r\n'
  }

  #fail(why: string): void {
    this.errors += 1
    this.firstError ??= why
  }
}
