import { StreamMeter } from '../../upstream/frames/stream-meter.ts'
import type { Dispatched } from '../dispatch/dispatched.ts'

/** A meter for an answer that streams in the dialect of its request. */
export function answerMeter({ dialect, needs }: Pick<Dispatched, 'dialect' | 'needs'>): StreamMeter {
  return new StreamMeter(dialect.frames(needs), {
    hideUsage: !needs.usageAsked,
    textOf: dialect.answerText,
    streamText: dialect.streamText(),
  })
}
