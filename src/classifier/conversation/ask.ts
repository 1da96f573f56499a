import type { Judgement } from '../judgement.ts'
import { placeOf, winnerOf } from '../model/calibration.ts'
import type { Abstention, Choice } from '../verdict.ts'
import type { Tie } from './follow-up.ts'

/** A turn as far as it matters for finding out what is asked. */
export interface Askable {
  /** How it hangs on what was asked before, by the lists. */
  readonly tie: Tie
  /** Whether, where no list says so, its words may tell that it hangs on others. */
  readonly mayHang: boolean
  /** UTF-16 units of its words. */
  readonly units: number
  /** The same, with wide letters counted twice. */
  readonly width: number
  readonly turnsBack: number
}

/** What looks at the turns, one after the other. */
export interface Ear<Turn> {
  judge(turn: Turn): Judgement
  /** Log-odds that a turn only goes on about an earlier ask. */
  learntTie(turn: Turn): number
  readonly abstainBelow: number
}

/** What was read of a conversation, and what it says. */
export interface Asked<Turn> {
  readonly turn: Turn
  readonly judgement: Judgement
}

/** Learnt log-odds above which a short turn that no list knows hangs on the ask before it, surely or perhaps. */
const LOOSE = 0
const VAGUE = -1.5

/** Confidence with which even the shortest turn is an ask of its own. */
export const SURE = 0.8

/** Confidence with which one that has something of a fragment is, as left-out turns tell. */
const PLAIN = 0.9

/** Confidence with which one that is sure to be a fragment is, where a rule knows it, too. */
const CERTAIN = 0.97

/** A turn as wide as this is an ask, however unsure its judgement. */
export const WIDEST_FRAGMENT = 60

/** Turns that are judged before the farthest of them is taken for the ask: what keeps endless small talk quick. */
export const MOST_JUDGED = 8

/**
 * The newest turn that asks something by itself; where none does, the oldest that might. An ask that is unsure stays
 * with its conversation, as far as that was clear: a change of model costs the prompt cache. Undefined without turns.
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
 * A fragment is judged by its looks ("the port is fine" looks like a fact), so a turn that no rule knows must be judged
 * the more surely, the shorter it is: 0.8 up to 20 letters, 0.6 at 40.
 */
function asksByItself(turn: Askable, tie: Tie, { fired, confidence }: Judgement): boolean {
  if (tie === 'loose') return confidence >= CERTAIN && fired.length > 0
  if (tie === 'vague') return confidence >= PLAIN
  if (confidence >= SURE || fired.length > 0 || turn.units >= WIDEST_FRAGMENT) return true
  return confidence >= Math.min(SURE, 1 - turn.width / 100)
}

/** What an ask comes to. */
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
