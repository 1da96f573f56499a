import { add, type NanoUsd, ZERO } from '../../base/money.ts'
import { costOf } from '../../pricing/cost.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import { readUsage } from '../../upstream/usage-report.ts'

/** A line that is longer is no answer of a model's: it is passed over. */
const LONGEST_LINE = 16 * 2 ** 20

const NEWLINE = 0x0a

/** What all answers of a batch used, and what they cost at the prices of batches. */
export class BatchTally {
  /** Answers whose usage and price are known, and all others that a model gave. */
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
  #line: Buffer[] = []
  #length = 0

  /** `at`: whose day's prices hold, milliseconds since the epoch. */
  constructor(prices: PriceBook, at: number) {
    this.#prices = prices
    this.#at = at
  }

  /** Whether anything was found that a batch of this vendor's writes. */
  get isBatch(): boolean {
    return this.answers + this.unpriced > 0
  }

  /** The next bytes of the output file. */
  take(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      this.end()
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
  }

  /** The file has ended; its last line may lack its line break. */
  end(): void {
    if (this.#length > 0 && this.#length <= LONGEST_LINE) this.#read(Buffer.concat(this.#line))
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
    const answer = answerIn(line)
    if (answer === undefined) return
    const { model, usage: report } = answer
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

interface Answer {
  readonly model: string
  readonly usage: unknown
}

/** The answer in a line of a batch's output; undefined for a request that failed, and for lines of other files. */
function answerIn(line: Buffer): Answer | undefined {
  const { id, response } = objectOf(parsed(line))
  if (typeof id !== 'string' || !id.startsWith('batch_req_')) return undefined
  const { body } = objectOf(response)
  const { model, usage } = objectOf(body)
  return typeof model === 'string' ? { model, usage } : undefined
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString())
  } catch {
    return undefined
  }
}
