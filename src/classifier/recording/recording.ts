import type { Message } from '../../base/message.ts'
import { MOST_JUDGED, SURE, WIDEST_FRAGMENT } from '../conversation/ask.ts'
import { type Conversation, isAlone } from '../conversation/conversation.ts'
import type { SpokenTurn } from '../conversation/spoken-turn.ts'
import type { Judge } from '../judgement.ts'
import { FEATURES_VERSION, MOST_FEATURES } from '../model/features.ts'
import type { Model } from '../model/model.ts'
import type { BookPrints, ListPrints } from '../print.ts'
import type { Rule } from '../rule.ts'
import { BitWriter } from './bit-writer.ts'
import { writeBuckets } from './bucket-code.ts'
import { BucketOrder } from './bucket-order.ts'

/** What replaying a conversation's verdict requires. */
export interface Recording {
  /** Turns that may be the ask under other rules and weights, newest first; if empty, nothing was asked. */
  readonly turns: readonly SpokenTurn[]
  /** Nothing was asked before the newest of them. */
  readonly alone: boolean
  /** Older turns were left out. */
  readonly more: boolean
  /** The lists used to remove scaffolding and to recognise follow-ups. */
  readonly lists: ListPrints
  /** Features, ties and hits of these turns, without their words: see `RECORD_FORMAT`. */
  features(): Buffer
}

/** Records what replaying a request requires. Pure: the same messages give the same recording. */
export interface Recorder {
  record(messages: readonly Message[]): Recording
}

/**
 * Format of a recording, in bits: 8 format, 8 features version, 32 salt; prints of 32 bits each: scaffolding,
 * follow-ups, all rules; 1 alone, 1 more, 6 turns. For each turn: 2 tie, 1 may hang, 8 units and 8 width (255
 * means or more), 16 turns back, 8 number of fired rules and 32 for each, then the buckets of each family
 * (`bucket-code.ts`).
 */
export const RECORD_FORMAT = 1
export const TIES = ['close', 'loose', 'vague', 'none'] as const
const MOST_SHOWN = 255

export interface RecorderParts {
  readonly conversation: Conversation
  readonly judge: Judge
  readonly model: Pick<Model, 'featuresOf'>
  readonly salt: number
  readonly prints: BookPrints
  readonly rules: readonly Rule[]
}

export function createRecorder({ conversation, judge, model, salt, prints, rules }: RecorderParts): Recorder {
  const bits = new BitWriter()
  const order = new BucketOrder(MOST_FEATURES)
  const printOf = new Map(rules.map((rule, index) => [rule.id, prints.rules[index] ?? 0]))

  function record(messages: readonly Message[]): Recording {
    const turns: SpokenTurn[] = []
    let oldest: SpokenTurn | undefined
    let more = false
    for (const turn of conversation.turns(messages)) {
      if (turns.length === MOST_JUDGED || isSettled(turns.at(-1))) {
        more = true
        break
      }
      oldest = turn
      if (turn.tie !== 'close') turns.push(turn)
    }
    if (turns.length === 0 && oldest !== undefined) turns.push(oldest)
    const alone = isAlone(messages)
    const lists = { scaffolding: prints.scaffolding, followUps: prints.followUps }
    return { turns, alone, more, lists, features: () => encode(turns, alone, more) }
  }

  /** Whether a turn would be the ask under any weights that are not radically different. */
  function isSettled(turn: SpokenTurn | undefined): boolean {
    if (turn === undefined || turn.mayHang || turn.tie !== 'none' || turn.units < WIDEST_FRAGMENT)
      return false
    return turn.judgedBy(judge).confidence >= SURE
  }

  function encode(turns: readonly SpokenTurn[], alone: boolean, more: boolean): Buffer {
    bits.write(RECORD_FORMAT, 8)
    bits.write(FEATURES_VERSION, 8)
    for (const word of [salt, prints.scaffolding, prints.followUps, prints.hits]) writeWord(word)
    bits.write(alone ? 1 : 0, 1)
    bits.write(more ? 1 : 0, 1)
    bits.write(turns.length, 6)
    for (const turn of turns) writeTurn(turn)
    return bits.take()
  }

  function writeTurn(turn: SpokenTurn): void {
    bits.write(TIES.indexOf(turn.tie), 2)
    bits.write(turn.mayHang ? 1 : 0, 1)
    bits.write(Math.min(MOST_SHOWN, turn.units), 8)
    bits.write(turn.units < WIDEST_FRAGMENT ? Math.min(MOST_SHOWN, turn.width) : MOST_SHOWN, 8)
    bits.write(Math.min(0xffff, turn.turnsBack), 16)
    const { fired } = turn.judgedBy(judge)
    bits.write(fired.length, 8)
    for (const { id } of fired) writeWord(printOf.get(id) ?? 0)
    const { buckets, familyEnds } = model.featuresOf(turn.excerpt)
    let from = 0
    for (const to of familyEnds) {
      writeBuckets(bits, order.sorted(buckets, from, to))
      from = to
    }
  }

  function writeWord(word: number): void {
    bits.write(word >>> 16, 16)
    bits.write(word & 0xffff, 16)
  }

  return { record }
}
