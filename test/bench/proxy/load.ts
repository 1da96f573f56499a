import { connect, type Socket } from 'node:net'
import { BODIES, createPrompts, type Prompt, SERIAL_DIGITS } from './prompts.ts'

/** One slice of load: so many connections, each asking again as soon as it is answered, for so long. */
export interface Slice {
  readonly port: number
  readonly key: string
  readonly stream: boolean
  readonly connections: number
  readonly ms: number
}

/** What came of a slice. Every request that was begun has ended by then. */
export interface Load {
  readonly requests: number
  readonly errors: number
  /** The first wrong answer's first bytes. */
  readonly firstError: string | undefined
  /** Pieces the answers came in, over all requests. */
  readonly reads: number
  readonly ms: number
}

const BODY_BY_KIND = { whole: createPrompts(BODIES, false), stream: createPrompts(BODIES, true) }
let serial = 0

const APART_MS = 2

class Client {
  requests = 0
  errors = 0
  reads = 0
  firstError: string | undefined
  readonly #slice: Slice
  readonly #until: number
  readonly #socket: Socket
  #answer: Buffer[] = []
  #length = 0

  constructor(slice: Slice, until: number) {
    this.#slice = slice
    this.#until = until
    this.#socket = connect({ port: slice.port, host: '127.0.0.1', noDelay: true })
  }

  /** Begins a little later than the connection before: answers of one length would go in step for ever. */
  run(afterMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.on('connect', () => setTimeout(() => this.#ask(), afterMs))
      this.#socket.on('data', (chunk: Buffer) => {
        this.reads += 1
        this.#answer.push(chunk)
        this.#length += chunk.length
        if (this.#isWhole(chunk)) this.#answered()
      })
      this.#socket.on('error', (error) => this.#fail(error.message))
      this.#socket.on('close', () => resolve())
    })
  }

  #ask(): void {
    const prompts = this.#slice.stream ? BODY_BY_KIND.stream : BODY_BY_KIND.whole
    const prompt = prompts[serial % prompts.length]
    if (prompt === undefined) throw new RangeError('no prompts')
    this.#socket.write(requestFor(prompt, serial++, this.#slice))
  }

  #answered(): void {
    const answer = this.#answer.length === 1 ? this.#answer[0] : Buffer.concat(this.#answer)
    const good =
      answer?.toString('latin1', 9, 12) === '200' && (!this.#slice.stream || answer.includes('[DONE]'))
    if (!good) this.#fail(answer?.toString('utf8', 0, 400) ?? '')
    this.requests += 1
    this.#answer = []
    this.#length = 0
    if (performance.now() < this.#until) this.#ask()
    else this.#socket.destroy()
  }

  /** By length where the head says one, else by the last chunk. */
  #isWhole(newest: Buffer): boolean {
    const first = this.#answer[0] ?? newest
    if (this.#slice.stream) return newest.subarray(-5).toString('latin1') === '0\r\n\r\n'
    const head = first.indexOf('\r\n\r\n')
    const length = /content-length: (\d+)/i.exec(first.toString('latin1', 0, Math.max(0, head)))?.[1]
    return length !== undefined && this.#length >= head + 4 + Number(length)
  }

  #fail(why: string): void {
    this.errors += 1
    this.firstError ??= why
  }
}

function requestFor(prompt: Prompt, number: number, { port, key }: Slice): Buffer {
  const head =
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n` +
    `accept: application/json\r\ncontent-type: application/json\r\nuser-agent: OpenAI/JS 7.57.0\r\n` +
    `x-stainless-lang: js\r\nx-stainless-package-version: 7.57.0\r\nx-stainless-os: Linux\r\n` +
    `x-stainless-arch: x64\r\nx-stainless-runtime: node\r\nx-stainless-retry-count: 0\r\n` +
    `authorization: Bearer ${key}\r\ncontent-length: ${prompt.body.length}\r\n\r\n`
  const request = Buffer.allocUnsafe(head.length + prompt.body.length)
  request.write(head, 0, 'latin1')
  prompt.body.copy(request, head.length)
  request.write(String(number).padStart(SERIAL_DIGITS, '0'), head.length + prompt.serialAt, 'latin1')
  return request
}

async function play(slice: Slice): Promise<Load> {
  const begun = performance.now()
  const clients = Array.from({ length: slice.connections }, () => new Client(slice, begun + slice.ms))
  await Promise.all(clients.map((client, place) => client.run(place * APART_MS)))
  const sum = (count: (client: Client) => number) => clients.reduce((total, each) => total + count(each), 0)
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    firstError: clients.find(({ firstError }) => firstError !== undefined)?.firstError,
    reads: sum(({ reads }) => reads),
    ms: performance.now() - begun,
  }
}

process.on('message', async (slice: Slice) => {
  process.send?.(await play(slice))
})
process.on('disconnect', () => process.exit(0))
