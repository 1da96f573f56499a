import type { Failure } from '../../base/failure.ts'
import { formatUsd, most, type NanoUsd, subtract, ZERO } from '../../base/money.ts'
import type { RateState, Slot } from '../../limits/limiter.ts'
import { presentable } from '../../upstream/headers.ts'
import type { Reply } from '../../upstream/upstream.ts'
import type { Trip } from '../trip.ts'

/**
 * Headers of every answer, success or error: who served it, why, and what is left. A flat list of names and
 * values. `cost` is what the request is about to be settled at, if known before the headers are sent.
 */
export function headersOf(trip: Trip, cost: NanoUsd | undefined): string[] {
  const headers = ['x-request-id', trip.id]
  const { routed, target, hold, slot } = trip
  if (routed?.class) headers.push('x-trivium-class', routed.class)
  if (routed !== undefined && routed.confidence !== null) {
    headers.push('x-trivium-confidence', routed.confidence.toFixed(3))
  }
  if (routed !== undefined) headers.push('x-trivium-cause', routed.cause)
  if (target !== undefined) headers.push('x-trivium-model', target.model)
  if (trip.adapted.length > 0) headers.push('x-trivium-adapted', trip.adapted.join(', '))
  headers.push('x-trivium-attempts', String(trip.attempts))
  if (cost !== undefined) headers.push('x-trivium-cost-usd', formatUsd(cost))
  const remaining = hold?.remainingAfter(cost ?? hold.held)
  if (remaining !== undefined) headers.push('x-trivium-budget-remaining-usd', formatUsd(remaining))
  if (slot !== undefined) headers.push(...rateHeaders(slot))
  return headers
}

/** The upstream's headers that this request's client may see. */
export function headersFrom({ live }: Trip, { headers }: Reply): string[] {
  return presentable(headers, live.runtime.auth === 'passthrough')
}

/** The limits of team and key, if any. They take precedence over the upstream's own. */
function rateHeaders(slot: Slot): string[] {
  const headers: string[] = []
  for (const kind of ['requests', 'tokens'] as const) {
    const state = slot.state(kind)
    if (state !== undefined) tellRate(headers, kind, state)
  }
  return headers
}

/** What a refusal itself knows: what is left in the window, or in the budget, that had no room. */
export function headersOfRefusal(failure: Failure): readonly string[] {
  const headers: string[] = []
  if (failure.code === 'rate_limit_exceeded' && failure.kind === 'requests') {
    tellRate(headers, 'requests', { limit: failure.limit, remaining: 0, resetMs: failure.retryAfterMs })
  } else if (failure.code === 'insufficient_quota' || failure.code === 'budget_held') {
    const left = subtract(subtract(failure.limit, failure.spent), failure.held)
    headers.push('x-trivium-budget-remaining-usd', formatUsd(most(ZERO, left)))
  }
  return headers
}

function tellRate(headers: string[], kind: 'requests' | 'tokens', state: RateState): void {
  headers.push(`x-ratelimit-limit-${kind}`, String(state.limit))
  headers.push(`x-ratelimit-remaining-${kind}`, String(state.remaining))
  headers.push(`x-ratelimit-reset-${kind}`, goDuration(state.resetMs))
}

/** A duration in Go's format, as OpenAI sends it: `6m0s`, `1.182s`, `132ms`. */
export function goDuration(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms))
  if (whole === 0) return '0s'
  if (whole < 1000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = `${(whole % 60_000) / 1000}s`
  if (minutes === 0) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}

/** Our headers, then the upstream's except those we set ourselves. */
export function overlay(ours: readonly string[], theirs: readonly string[]): string[] {
  const all = [...ours]
  for (let index = 0; index < theirs.length; index += 2) {
    const name = theirs[index] ?? ''
    if (!isNamed(ours, name)) all.push(name, theirs[index + 1] ?? '')
  }
  return all
}

/** Scanning two dozen names is cheaper than building a set of them. */
function isNamed(headers: readonly string[], name: string): boolean {
  for (let index = 0; index < headers.length; index += 2) if (headers[index] === name) return true
  return false
}
