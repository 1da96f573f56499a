import { LONGEST_FOLLOW_UP } from '../../classifier/conversation/follow-up.ts'
import { TIE_BUCKETS, type TieWeights } from '../../classifier/model/weights.ts'
import type { LabelledTurn } from '../labelled/labelled-turns.ts'
import { chanceFrom, shuffle } from './chance.ts'
import { featuresOf } from './feature-table.ts'
import type { Row } from './training-set.ts'

const SEED = 7
const EPOCHS = 8
const RATE = 0.15
const BIAS_RATE = 0.05
/** Initial value of AdaGrad's sum of squares. */
const FIRST_STEP = 1e-2

/** Weight of all labelled turns relative to all first asks; with more, new topics become follow-ups. */
const TURNS = 2
/** Weight of a prompt from a parallel set: those are written as people write in a chat. */
const OWN = 4

/** Target probabilities; lower for first asks, since nearly all turns are. */
const FOLLOWS = 0.95
const STARTS = 0.01

/** Weights that recognise no dependent turn. */
const NO_TIES: TieWeights = { scale: 1, bias: -1, table: new Int8Array(TIE_BUCKETS) }

/**
 * Learns which short turns only continue an earlier ask: logistic regression of the labelled turns against
 * all short prompts that started their conversations. The same rows and turns in the same order give the same
 * numbers.
 */
export function fitTies(rows: readonly Row[], turns: readonly LabelledTurn[], salt: number): TieWeights {
  if (turns.length === 0) return NO_TIES
  const asks = rows.filter(({ text, first }) => first && text.length <= LONGEST_FOLLOW_UP)
  const all = [
    ...turns.map(({ text, last }) => ({ text, wanted: last === 'follow_up' ? FOLLOWS : STARTS })),
    ...asks.map(({ text }) => ({ text, wanted: STARTS })),
  ]
  const share = (TURNS * Math.max(1, asks.length)) / turns.length
  const counts = all.map((_, row) => {
    if (row < turns.length) return share
    return asks[row - turns.length]?.number === undefined ? 1 : OWN
  })
  const set = featuresOf(
    all.map(({ text }) => text),
    salt,
  )
  const table = new Float32Array(TIE_BUCKETS)
  const squares = new Float32Array(TIE_BUCKETS).fill(FIRST_STEP)
  let bias = 0
  const chance = chanceFrom(SEED)
  const order = Int32Array.from(all.keys())
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, chance)
    const rate = RATE * (1 - epoch / EPOCHS)
    for (const row of order) {
      const from = set.starts[row] ?? 0
      const to = set.starts[row + 1] ?? 0
      let sum = bias
      for (let at = from; at < to; at += 1) sum += (table[bucketAt(at)] ?? 0) * (set.values[at] ?? 0)
      const error = (1 / (1 + Math.exp(-sum)) - (all[row]?.wanted ?? 0)) * (counts[row] ?? 0)
      bias -= rate * BIAS_RATE * error
      for (let at = from; at < to; at += 1) {
        const bucket = bucketAt(at)
        const gradient = error * (set.values[at] ?? 0)
        const square = (squares[bucket] ?? 0) + gradient * gradient
        squares[bucket] = square
        table[bucket] = (table[bucket] ?? 0) - (rate * gradient) / Math.sqrt(square)
      }
    }
  }
  return { bias, ...quantised(table) }

  function bucketAt(at: number): number {
    return (set.buckets[at] ?? 0) % TIE_BUCKETS
  }
}

function quantised(pulls: Float32Array): { scale: number; table: Int8Array } {
  const most = pulls.reduce((far, pull) => Math.max(far, Math.abs(pull)), 0)
  const scale = Math.fround(most === 0 ? 1 : most / 127)
  return {
    scale,
    table: Int8Array.from(pulls, (pull) => Math.max(-127, Math.min(127, Math.round(pull / scale)))),
  }
}
