import type { Target } from '../../src/base/target.ts'
import { estimateTokens } from '../../src/pricing/estimate.ts'
import { adapt } from '../../src/routing/adapt.ts'
import { weigh } from '../../src/routing/candidate.ts'
import { readChatRequest } from '../../src/routing/chat-request.ts'
import { needsOf } from '../../src/routing/needs.ts'

/** What routing decides about a request for one target, with nothing else in its way. */
export type Verdict =
  | { readonly serves: false; readonly reason: string }
  | { readonly serves: true; readonly changes: readonly string[]; readonly doubt: string | undefined }

export function verdictOn(target: Target, body: object): Verdict {
  const bytes = Buffer.from(JSON.stringify(body))
  const request = readChatRequest(bytes)
  const needs = needsOf(request, bytes.length)
  const candidate = weigh(
    {
      wish: { kind: 'auto' },
      class: 'language_heavy',
      needs,
      requestedModel: request.model,
      routes: { stem_reasoning: [target], factual_recall: [target], language_heavy: [target] },
      targets: new Map([[target.model, target]]),
      models: undefined,
      mustBePriced: false,
      isPriced: () => true,
      absenceOf: () => undefined,
      isStrained: () => false,
      placesOf: (target) => [target],
      aboutTokens: () => estimateTokens(bytes.toString()),
    },
    target,
  )
  if (!candidate.in) return { serves: false, reason: candidate.reason }
  const { changes } = adapt({
    request,
    needs,
    body: bytes,
    target,
    outputCap: candidate.outputCap,
    stateCap: false,
    askForUsage: true,
    asAsked: false,
  })
  return { serves: true, changes, doubt: candidate.doubt }
}
