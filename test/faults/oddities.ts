import { answered, answeredAs, failed } from './ends.ts'
import type { End, Ends, Fault } from './fault.ts'

const TEXT = 'Canberra. …'
/** Longer than any chat frame the proxy parses. */
const GIANT = `Canberra ${'x'.repeat(1_100_000)}`

/** Complete but unusual answers, and successes that are no answer at all. */
export const ODDITIES: readonly Fault[] = [
  {
    name: 'a slow drip that never stalls',
    act: { fault: { kind: 'drip', ms: 5, bytes: 300 } },
    ends: answeredAs('stop', 'completed', TEXT),
  },
  {
    name: 'a stream without `[DONE]`',
    act: { fault: { kind: 'no_done' } },
    ends: { 'chat stream': answered('stop', TEXT) },
  },
  {
    name: 'no choices, or no output',
    act: { withheld: 'unsaid' },
    ends: answeredAs(null, 'completed', ''),
  },
  {
    name: 'a content filter withholds the answer',
    act: { withheld: 'filtered' },
    ends: answeredAs('content_filter', 'incomplete', ''),
  },
  {
    name: 'reasoning uses up all tokens',
    act: { reasoningTokens: 1_000_000 },
    reasoning: true,
    ends: answeredAs('length', 'incomplete', ''),
  },
  {
    name: 'a gzip answer that was not requested',
    act: { fault: { kind: 'gzip' } },
    ends: answeredAs('stop', 'completed', TEXT),
  },
  {
    name: 'invalid JSON',
    act: { fault: { kind: 'no_json' } },
    ends: unreadable(),
  },
  // Last, since it keeps clients busy longest.
  {
    name: 'a frame larger than a megabyte',
    act: { answer: [GIANT, '.'] },
    ends: answeredAs('stop', 'completed', 'Canberra xxx…xxx.'),
  },
]

/** A whole body is parsed. Frames pass as they come, and clients leave when they cannot parse one. */
function unreadable(): Ends {
  const whole = failed(
    502,
    'upstream_broken',
    'The answer from … broke off: its JSON is incomplete or invalid.',
    {
      paid: 'bound',
      next: 'nobody',
    },
  )
  const raised = { as: 'SyntaxError', status: undefined, code: undefined, type: undefined, late: true }
  const stream: End = {
    sees: { ...raised, message: 'Expected double-quoted property name in JSON …' },
    but: {
      'openai 7': { ...raised, message: 'Error reading response: malformed server-sent event JSON.' },
    },
    outcome: 'client_left',
    errorCode: 'client_left',
    paid: 'estimated',
    next: 'nobody',
  }
  return { chat: whole, responses: whole, 'chat stream': stream, 'responses stream': stream }
}
