import type { Message } from '../../base/message.ts'
import { type Askable, type Asked, choiceOf, type Ear, findAsk } from '../conversation/ask.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { type SpokenTurn, widthOf } from '../conversation/spoken-turn.ts'
import { type Judge, judgementOf } from '../judgement.ts'
import type { Model } from '../model/model.ts'
import type { BookPrints, ListPrints } from '../print.ts'
import type { Rule } from '../rule.ts'
import type { Abstention, Choice, PerClass } from '../verdict.ts'
import { type RecordedTurn, RecordedTurns } from './recorded-turns.ts'

/**
 * Why a verdict cannot be reproduced. `features`: recorded with other features, or with weights of another
 * salt. `rules`: there are new patterns, and without the words it is unknown whether they match.
 * `follow_ups`, `scaffolding`: other lists may have read other words. `beyond`: the ask would be a turn that
 * was not kept. `damaged`: the data is not what was written.
 */
export const UNKNOWNS = ['features', 'rules', 'follow_ups', 'scaffolding', 'beyond', 'damaged'] as const
export type Unknown = (typeof UNKNOWNS)[number]

export type Replayed = (Choice & { readonly logits: PerClass }) | Unknown

/** The scored words of a turn, as kept. */
export interface KeptWords {
  readonly text: string
  /** Length of all its words in UTF-16 units. */
  readonly units: number
  readonly turnsBack: number
}

/** What was kept of a conversation, words or whole turns, newest first. */
export interface Kept<Turn> {
  readonly turns: readonly Turn[]
  readonly alone: boolean
  readonly more: boolean
}

/** Reproduces verdicts from what was kept of a request, bit for bit what the whole request would get. */
export interface Replayer {
  /** From a recording, as base64. */
  fromFeatures(recording: string): Replayed
  /** From the scored words, and the lists they were found with. */
  fromWords(kept: Kept<KeptWords>, lists: ListPrints): Replayed
  /** From turns as they were sent. */
  fromTurns(kept: Kept<string>): Replayed
}

export interface ReplayerParts extends Abstention {
  readonly conversation: Conversation
  readonly judge: Judge
  readonly model: Model
  readonly salt: number
  readonly rules: readonly Rule[]
  readonly prints: BookPrints
  /** Prints of earlier rule books: which patterns they covered is known for their recordings. */
  readonly earlier: readonly BookPrints[]
}

export function createReplayer(parts: ReplayerParts): Replayer {
  const { conversation, judge, model, prints } = parts
  const recorded = new RecordedTurns()
  const placesOf = Map.groupBy(parts.rules.keys(), (place) => prints.rules[place] ?? 0)
  const knowing = new Set([prints.hits, ...parts.earlier.filter(knowsAll).map(({ hits }) => hits)])

  function knowsAll(earlier: BookPrints): boolean {
    const known = new Set(earlier.rules)
    return prints.rules.every((print) => known.has(print))
  }

  /** Follow-up lists do not matter if there is only one turn. */
  function otherList({ scaffolding, followUps }: ListPrints, alone: boolean): Unknown | undefined {
    if (scaffolding !== prints.scaffolding) return 'scaffolding'
    return alone || followUps === prints.followUps ? undefined : 'follow_ups'
  }

  function firedOf(found: readonly number[]): readonly Rule[] {
    if (found.length === 0) return NONE
    const places = found.flatMap((print) => placesOf.get(print) ?? []).sort((a, b) => a - b)
    return places.flatMap((place) => parts.rules[place] ?? [])
  }

  const remembering: Ear<RecordedTurn> = {
    judge: ({ fired }) => judgementOf(firedOf(fired), model.logitsOf(recorded), model.temperature),
    learntTie: () => model.tieOfFeatures(recorded),
    abstainBelow: parts.abstainBelow,
  }
  const reading: Ear<ReadTurn> = {
    judge: ({ text }) => judge(text),
    learntTie: ({ text }) => model.tieOf(text),
    abstainBelow: parts.abstainBelow,
  }
  const hearing: Ear<SpokenTurn> = {
    judge: ({ excerpt }) => judge(excerpt),
    learntTie: ({ text }) => model.tieOf(text),
    abstainBelow: parts.abstainBelow,
  }

  function answer(asked: Asked<Askable> | undefined): Replayed {
    const found = asked ?? { turn: NOBODY, judgement: judge('') }
    return { ...choiceOf(found, parts), logits: found.judgement.logits }
  }

  return {
    fromFeatures(recording) {
      const unreadable = recorded.open(recording)
      if (unreadable !== undefined) return unreadable
      if (recorded.salt !== parts.salt) return 'features'
      const other = otherList(recorded, recorded.alone)
      if (other !== undefined) return other
      if (!knowing.has(recorded.hits)) return 'rules'
      const asked = findAsk(recorded.turns(), remembering)
      if (recorded.damaged) return 'damaged'
      return recorded.ranOut ? 'beyond' : answer(asked)
    },
    fromWords(kept, lists) {
      const other = otherList(lists, kept.alone)
      if (other !== undefined) return other
      const walk = new Walk(kept.turns.map((words) => readTurn(conversation, words, kept.alone)))
      const asked = findAsk(walk, reading)
      return kept.more && walk.ranOut ? 'beyond' : answer(asked)
    },
    fromTurns(kept) {
      const messages: Message[] = kept.turns.toReversed().map((content) => ({ role: 'user', content }))
      // Stands in for earlier turns that were not kept: enough to show that the newest turn is not the only
      // one.
      if (!kept.alone) messages.unshift(SOMETHING_EARLIER)
      const walk = new Walk(conversation.turns(messages))
      const asked = findAsk(walk, hearing)
      return kept.more && walk.ranOut ? 'beyond' : answer(asked)
    },
  }
}

const NONE: readonly Rule[] = []
const NOBODY = { units: 0, turnsBack: 0 }
const SOMETHING_EARLIER: Message = { role: 'user', content: '' }

interface ReadTurn extends Askable {
  readonly text: string
}

function readTurn(
  conversation: Conversation,
  { text, units, turnsBack }: KeptWords,
  alone: boolean,
): ReadTurn {
  const hang = alone ? { tie: 'none' as const, mayHang: false } : conversation.hangOf(text, units)
  return { text, units, turnsBack, ...hang, width: widthOf(text) }
}

/** Iterates over turns, and notes whether more were requested than there are. */
class Walk<Turn> implements Iterable<Turn> {
  ranOut = false
  readonly #turns: Iterable<Turn>

  constructor(turns: Iterable<Turn>) {
    this.#turns = turns
  }

  *[Symbol.iterator](): Generator<Turn> {
    yield* this.#turns
    this.ranOut = true
  }
}
