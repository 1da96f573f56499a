import { type Failure, failureOf, Refusal } from '../../base/failure.ts'
import type { Ports } from '../ports.ts'
import type { Funded } from '../reserve.ts'

/**
 * A whole answer that broke off before any of it reached the client. Its usage is unknown, so `funded` pays
 * its bound.
 */
export class BrokenAnswer extends Refusal {
  readonly funded: Funded

  constructor(funded: Funded, thrown: unknown) {
    super(thrown instanceof Refusal ? thrown.failure : { code: 'internal_error' }, thrown)
    this.funded = funded
  }
}

/** An answer that had begun broke off. It is not asked for again: it may be billed, and so would the next one. */
export function breakOff({ health }: Pick<Ports, 'health'>, funded: Funded, thrown: unknown): never {
  if (blamesTarget(failureOf(thrown))) health.failed(funded.quote.candidate.target)
  throw new BrokenAnswer(funded, thrown)
}

/** Whether the target is at fault. Not for exceeding the total time: the reader may be slow. */
export function blamesTarget(failure: Failure): boolean {
  return failure.code !== 'client_left' && !(failure.code === 'upstream_timeout' && failure.phase === 'total')
}
