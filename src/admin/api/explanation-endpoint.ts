import { z } from 'zod'
import { parseKept } from '../../capture/kept-prompt.ts'
import { type Explanation, strongestPulls } from '../../classifier/explanation.ts'
import type { LedgerViews } from '../../ledger/views.ts'
import { RequestExplanation } from './answers/explanation.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { noRequest } from './request-endpoints.ts'
import { fromViews } from './view-refusal.ts'

export interface ExplanationParts {
  readonly views: LedgerViews
  /** The live classifier's explanation of a person's turns, oldest first. */
  explain(turns: readonly string[]): Explanation
}

/** How many of the strongest features are reported. */
const PULLS = 12
/** Sums of the same floating-point numbers in a different order differ by less. */
const SAME = 1e-6

const Decided = z.object({ logits: z.array(z.number()) })

/** Why a request got its class, word by word; its row has only the sums. */
export function explanationEndpoint({ views, explain }: ExplanationParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/requests/:id/explanation',
    role: 'viewer',
    summary:
      'Show which words pulled towards the class, by running the classifier in force on what was kept of the prompt.',
    answer: RequestExplanation,
    async run({ params: { id } }) {
      const found = await fromViews(views.row(id))
      if (found === undefined) throw noRequest(id)
      const { data: decided } = Decided.safeParse(found.row.evidence)
      const turns = turnsIn(found.row.prompt)
      if (decided === undefined || turns.length === 0) return null
      const explanation = explain(turns)
      const { class: promptClass, evidence } = explanation.verdict
      const same = evidence.logits.every(
        (each, index) => Math.abs(each - (decided.logits[index] ?? 0)) < SAME,
      )
      const pulls = strongestPulls(explanation, PULLS).map(({ feature, pull }) => ({ feature, pull }))
      return { same, class: promptClass, pulls }
    },
  })
}

/** The stored text, oldest turn first. */
function turnsIn(prompt: string | null): readonly string[] {
  const kept = prompt === null ? undefined : parseKept(prompt)
  const turns = kept?.turns ?? kept?.words?.map(({ text }) => text) ?? []
  return turns.toReversed()
}
