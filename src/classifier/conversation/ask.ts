import type { Judgement } from '../judgement.ts'
import { placeOf, winnerOf } from '../model/calibration.ts'
import type { Abstention, Choice } from '../verdict.ts'
import type { Tie } from './follow-up.ts'

/** A turn, as far as needed to find the ask. */
export interface Askable {
  /** How it depends on earlier asks, according to the lists. */
  readonly tie: Tie
  /** Whether, if no list says so, its words may still show that it depends on others. */
  readonly mayHang: boolean
  /** Length of its words in UTF-16 units. */
  readonly units: number
  /** The same, with wide letters counted twice. */
  readonly width: number
  readonly turnsBack: number
}

/** Judges turns, one at a time. */
export interface Ear<Turn> {
  judge(turn: Turn): Judgement
  /** Log-odds that a turn only continues an earlier ask. */
  learntTie(turn: Turn): number
  readonly abstainBelow: number
}

/** The turn taken for the ask, and its judgement. */
export interface Asked<Turn> {
  readonly turn: Turn
  readonly judgement: Judgement
}

/** Learned log-odds above which a short turn no list knows depends on earlier ones, surely or perhaps. */
const LOOSE = 0
const VAGUE = -1.5

/** Confidence at which even the shortest turn counts as an ask of its own. */
export const SURE = 0.8

/** Confidence at which a turn with traits of a fragment counts as an ask, fitted on held-out turns. */
const PLAIN = 0.9

/** Confidence at which an obvious fragment counts as an ask, if a rule fires as well. */
const CERTAIN = 0.97

/** A turn at least this wide is an ask, however unsure its judgement. */
export const WIDEST_FRAGMENT = 60

/** Turns judged before settling for the farthest of them; bounds the time for endless small talk. */
export const MOST_JUDGED = 8

/**
 * The newest turn that asks something by itself; if none does, the oldest that might. An unsure ask stays
 * with its conversation, as far as that was clear, because a change of model costs the prompt cache.
 * Undefined without turns.
 */
export function findAsk<Turn extends Askable>(
  turns: Iterable<Turn>,
  ear: Ear<Turn>,
): Asked<Turn> | undefined {
  let oldest: Turn | undefined
  let unsure: Asked<Turn> | undefined
  let ask: Asked<Turn> | undefined
  let judged = 0
  for (const turn of turns) {
    oldest = turn
    if (turn.tie === 'close') continue
    const tie = turn.mayHang ? tieAt(ear.learntTie(turn)) : turn.tie
    ask = { turn, judgement: ear.judge(turn) }
    judged += 1
    if (asksByItself(turn, tie, ask.judgement)) {
      if (ask.judgement.confidence >= ear.abstainBelow) return ask
      unsure ??= ask
    }
    if (judged === MOST_JUDGED) break
  }
  return unsure ?? ask ?? (oldest && { turn: oldest, judgement: ear.judge(oldest) })
}

function tieAt(learnt: number): Tie {
  return learnt > LOOSE ? 'loose' : learnt > VAGUE ? 'vague' : 'none'
}

/**
 * A fragment is judged by its looks ("the port is fine" looks like a fact). So the shorter a turn is, the
 * more confident the judgement must be if no rule fires: 0.8 up to 20 letters, 0.6 at 40.
 */
function asksByItself(turn: Askable, tie: Tie, { fired, confidence }: Judgement): boolean {
  if (tie === 'loose') return confidence >= CERTAIN && fired.length > 0
  if (tie === 'vague') return confidence >= PLAIN
  if (confidence >= SURE || fired.length > 0 || turn.units >= WIDEST_FRAGMENT) return true
  return confidence >= Math.min(SURE, 1 - turn.width / 100)
}

/** The class and cause that follow from an ask. */
export function choiceOf(
  { turn, judgement }: Asked<Pick<Askable, 'units' | 'turnsBack'>>,
  { abstainBelow, abstainTo }: Abstention,
): Choice {
  const { logits, probabilities, turnedBy } = judgement
  const abstained = judgement.confidence < abstainBelow || turn.units === 0
  const promptClass = abstained ? abstainTo : winnerOf(logits)
  return {
    class: promptClass,
    confidence: probabilities[placeOf(promptClass)],
    cause: abstained
      ? 'abstained'
      : turn.turnsBack > 0
        ? 'inherited'
        : turnedBy === undefined
          ? 'model'
          : `rule:${turnedBy}`,
    probabilities,
  }
}
