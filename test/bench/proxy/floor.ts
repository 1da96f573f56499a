import Fastify from 'fastify'
import { type Dispatcher, Pool } from 'undici'
import { nanoUsd } from '../../../src/base/money.ts'
import { type Hold, isNoRoom } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'
import { Passage, passedOn } from './passage.ts'

/**
 * The work that any program with Trivium's guarantees must do, each step including those before it: `fastify`
 * in front of the bare pass-through; `reading`, parsing the JSON of the request and of the response; `row`, a
 * row in a ledger file that exists before the upstream is called and records the outcome afterwards. No key,
 * verdict, price, budget, limit or additional header. Usage: `node floor.ts UPSTREAM_URL fastify|reading|row
 * LEDGER`.
 */
const [upstream = '', step = '', file = ''] = process.argv.slice(2)
const isRead = step !== 'fastify'
const ledger = step === 'row' ? openLedger(file) : undefined
const pool = new Pool(upstream, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 })
const ASK = { atMost: nanoUsd(1), atLeast: nanoUsd(1) }

/** Forwards a response in one piece, once it has been read. */
class ReadPassage extends Passage {
  readonly #hold: Hold | undefined
  #chunks: Buffer[] = []

  constructor(response: ConstructorParameters<typeof Passage>[0], hold: Hold | undefined) {
    super(response)
    this.#hold = hold
  }

  override onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  override onResponseEnd(controller: Dispatcher.DispatchController): void {
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    const { usage } = JSON.parse(body.toString('utf8')) as {
      readonly usage: { readonly total_tokens: number }
    }
    super.onResponseData(controller, body)
    super.onResponseEnd()
    void this.#hold?.settle(closing(usage.total_tokens))
  }
}

const app = Fastify({ logger: false })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/v1/chat/completions', async (request, reply) => {
  reply.hijack()
  const body = request.body as Buffer
  const call = {
    path: request.url,
    method: 'POST',
    headers: passedOn(request.raw.rawHeaders),
    body,
  } as const
  if (isRead) JSON.parse(body.toString('utf8'))
  const hold = await ledger?.hold(openRow(Date.now()), [], ASK)
  if (hold !== undefined && isNoRoom(hold)) throw new Error('without budgets there is room')
  pool.dispatch(call, isRead ? new ReadPassage(reply.raw, hold) : new Passage(reply.raw))
})
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
process.once('SIGTERM', () => process.exit(0))
