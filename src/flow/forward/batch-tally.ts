import { looselyParsed, membersIn } from '../../base/loose-json.ts'
import { add, type NanoUsd, ZERO } from '../../base/money.ts'
import { costOf } from '../../pricing/cost.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import { readUsage } from '../../upstream/usage-report.ts'

/** Longer lines are not buffered: ten pictures are 20 MB. Their model and cost stay unknown. */
const LONGEST_LINE = 16 * 2 ** 20

const NEWLINE = 0x0a
const OPEN_BRACE = 0x7b

/** Totals over all answers of a batch, at batch prices. */
export class BatchTally {
  /** Answers with known usage and price; `unpriced` counts all other answers by a model. */
  answers = 0
  unpriced = 0
  inputTokens = 0
  cachedTokens = 0
  outputTokens = 0
  reasoningTokens = 0
  cost: NanoUsd = ZERO
  readonly models = new Set<string>()

  readonly #prices: PriceBook
  readonly #at: number
  /** Whether the file is a batch's output; its first line tells. */
  #kind: 'unknown' | 'output' | 'other' = 'unknown'
  #line: Buffer[] = []
  #length = 0

  /** `at`: the moment whose prices apply, in milliseconds since the epoch. */
  constructor(prices: PriceBook, at: number) {
    this.#prices = prices
    this.#at = at
  }

  /** Whether any line was an answer in the vendor's batch format. */
  get isBatch(): boolean {
    return this.answers + this.unpriced > 0
  }

  /** Whether it is the output of a batch, if only of failures. */
  get isOutput(): boolean {
    return this.#kind === 'output' || this.isBatch
  }

  /** Takes the next bytes of the file. If it is no batch output, only its beginning is looked at. */
  take(chunk: Buffer): void {
    if (this.#kind === 'unknown' && this.#length === 0 && chunk.length > 0 && chunk[0] !== OPEN_BRACE) {
      this.#kind = 'other'
    }
    if (this.#kind === 'other') return
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      this.end()
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
  }

  /** The file has ended; its last line may lack a line break. */
  end(): void {
    if (this.#length > LONGEST_LINE) this.unpriced += 1
    else if (this.#length > 0) this.#read(Buffer.concat(this.#line))
    this.#line = []
    this.#length = 0
  }

  #keep(part: Buffer): void {
    this.#length += part.length
    if (part.length === 0) return
    if (this.#length <= LONGEST_LINE) this.#line.push(Buffer.from(part))
    else this.#line = []
  }

  #read(line: Buffer): void {
    const { custom_id: question, response } = membersIn(looselyParsed(line))
    const isOutput = typeof question === 'string' && response !== undefined
    if (this.#kind === 'unknown') this.#kind = isOutput ? 'output' : 'other'
    if (!isOutput || this.#kind === 'other') return
    const { model, usage: report } = membersIn(membersIn(response).body)
    // A failed request has neither; answers with pictures do not name a model.
    if (typeof model === 'string') this.#count(model, report)
    else if (report !== undefined) this.unpriced += 1
  }

  #count(model: string, report: unknown): void {
    const usage = readUsage(report, 'batch')
    const price = this.#prices.priceOf(model, this.#at)
    if (usage === 'unreported') {
      this.unpriced += 1
      return
    }
    this.models.add(model)
    this.inputTokens += usage.inputTokens
    this.cachedTokens += usage.cachedTokens
    this.outputTokens += usage.outputTokens
    this.reasoningTokens += usage.reasoningTokens
    if (price === undefined) {
      this.unpriced += 1
      return
    }
    this.answers += 1
    this.cost = add(this.cost, costOf(usage, price))
  }
}
