import type { Failure } from '../../base/failure.ts'
import { type Full, isFull } from '../../limits/limiter.ts'
import { estimateTokens } from '../../pricing/estimate.ts'
import { REASONING_ROOM } from '../../routing/output-cap.ts'
import { fullFailure } from '../admit.ts'
import type { Parsed } from '../parse.ts'
import type { Key } from '../team.ts'
import type { Trip } from '../trip.ts'
import type { Quote } from './quote.ts'

/** What the windows count for an attempt until its actual usage is known. */
export interface Taken {
  readonly promptTokens: number
  /** The output cap the windows have room for: the candidate's own, or less if one is sent. */
  readonly outputCap: number
}

/** If the upper bound is within this share of what is left, no closer estimate is needed. */
export const ROOMY_SHARE = 1 / 4
/** In a window too small for a decent answer, the share of it (beyond the prompt) worth answering with. */
const LEAST_SHARE = 1 / 4
/** Few answers are longer. Tokens. */
const USUAL_ANSWER = 4_096
/** Hardly ever enough for reasoning plus an answer. Tokens. */
const LEAST_THOUGHT = 1_024
/** What o1-mini adds to every prompt, as recorded, plus one. */
const HIDDEN_TOKENS = 8

/**
 * Takes an attempt's tokens from the per-minute windows of team and key, or says why they have no room; then
 * nothing is taken. With plenty of room the prompt counts at its bound, which is free to compute; otherwise
 * at its estimate, since text has about a quarter as many tokens as bytes. The output cap is exact, because
 * it is sent, and is lowered to fit. A window can therefore exceed its limit by at most what the prompts in
 * flight exceed their estimates, and answers that take no cap the usual length; later requests wait for that.
 */
export function takeTokens(
  trip: Trip,
  parsed: Parsed,
  quoted: Quote,
): Taken | Failure | Promise<Taken | Failure> {
  const { slot, key } = trip
  const { candidate, choices } = quoted
  const left = slot?.state('tokens')?.remaining
  if (slot === undefined || key === undefined || left === undefined) {
    return { promptTokens: quoted.inputTokens, outputCap: candidate.outputCap }
  }
  // This replaces what was taken before, so attempts that may have been billed keep their share.
  const { owedTokens } = trip
  const mostCap = capBeside(parsed, quoted, left)
  const answers = mostCap * choices
  const isRoomy = owedTokens + quoted.inputTokens + answers <= left * ROOMY_SHARE
  const promptTokens = isRoomy ? quoted.inputTokens : estimatePrompt(parsed, quoted)
  const spoken = owedTokens + promptTokens
  const atLeast = spoken + leastAnswer(quoted, smallestLimit(key) - spoken) * choices
  const capped = (taken: number | Full): Taken | Failure => {
    if (isFull(taken)) return fullFailure(taken, atLeast)
    if (!quoted.isCapped) return { promptTokens, outputCap: candidate.outputCap }
    return { promptTokens, outputCap: Math.min(mostCap, Math.floor((taken - spoken) / choices)) }
  }
  const taken = slot.takeTokens({ atMost: spoken + answers, atLeast })
  return taken instanceof Promise ? taken.then(capped) : capped(taken)
}

function estimatePrompt(parsed: Parsed, { candidate, inputTokens }: Quote): number {
  const { text, besides } = parsed.request.promptText(candidate.target)
  const prior = parsed.needs.size.priorTokens ?? 0
  return Math.min(inputTokens, estimateTokens(text) + besides + prior + HIDDEN_TOKENS)
}

/**
 * An answer without a cap could take everything that is left for seconds and then use a hundredth of it. It
 * gets a share, but no less than answers usually need.
 */
function capBeside({ needs }: Parsed, { candidate, choices }: Quote, left: number): number {
  if (needs.cap !== undefined) return candidate.outputCap
  const usual = candidate.target.reasoning ? REASONING_ROOM : USUAL_ANSWER
  const share = Math.floor((left * ROOMY_SHARE) / choices)
  return Math.min(candidate.outputCap, Math.max(usual, share))
}

/**
 * The smallest cap worth answering with; `most` is what an empty minute has left beside the prompt. A
 * reasoning model would spend so few tokens on thinking and return an empty, billed answer. Without room for
 * both, the next candidate serves.
 */
function leastAnswer(quoted: Quote, most: number): number {
  const { candidate, choices, leastCap, floor } = quoted
  const { outputCap, target } = candidate
  if (target.reasoning) return Math.min(outputCap, Math.max(floor, LEAST_THOUGHT))
  return Math.min(outputCap, floor, Math.max(leastCap, Math.floor((most * LEAST_SHARE) / choices)))
}

function smallestLimit({ team, subject }: Key): number {
  const ofTeam = team.subject.limits.tokensPerMinute ?? Number.POSITIVE_INFINITY
  return Math.min(ofTeam, subject.limits.tokensPerMinute ?? Number.POSITIVE_INFINITY)
}
