import { keepPrompt } from '../capture/keep.ts'
import type { Admitted } from './admit.ts'
import type { Decided } from './decide.ts'
import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

/**
 * Keeps what the team's capture mode allows of the prompt, for the row. Never fails the request; on error
 * nothing is kept.
 */
export function capture(
  { log }: Pick<Ports, 'log'>,
  trip: Trip,
  { key }: Admitted,
  { request, needs, decision }: Decided,
): void {
  const mode = key.team.capture
  if (mode === 'none') return
  const { classifier, redact } = trip.live.runtime
  try {
    const { messages } = request
    const recording = classifier.record(messages)
    const [{ target }] = decision.usable
    const byPrice = decision.reordered !== undefined
    trip.prompt = keepPrompt(mode, { messages, recording, needs, first: target.model, byPrice }, redact)
  } catch (thrown) {
    log.error({ request: trip.id, err: thrown }, 'a prompt could not be captured; its row has none')
  }
}
