import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { Scenario } from './scenarios.ts'
import { isServed, type ShownLine } from './shown-line.ts'

const Evidence = z.object({
  rules: z.array(z.object({ id: z.string(), class: z.enum(PROMPT_CLASSES), weight: z.number() })),
})

/**
 * Why this model: what ruled out the class's own model, else how the body was adapted, else the reason for
 * the class.
 */
export function reasonText({ mark, expected }: Scenario, line: ShownLine): string {
  if (!isServed(line)) return line.error_code ?? 'refused'
  const { notModel } = expected ?? {}
  if (notModel !== undefined && line.class === 'stem_reasoning') return `${mark}: not ${notModel}`
  return changeText(line) ?? causeText(line)
}

const CAP = /^max_completion_tokens=(\d+)$/

/**
 * Added to every request that names no tier, so that no tier is billed other than the one held for. Not worth
 * showing.
 */
const USUAL = 'service_tier=default'

/** What was adapted for the model or the budget. */
function changeText({ adapted }: ShownLine): string | undefined {
  const [change = '', ...more] = (adapted ?? '').split(', ').filter((each) => each !== USUAL)
  const cap = CAP.exec(change)?.[1]
  if (cap !== undefined) return `output cap ${cap}`
  return change === '' ? undefined : `${change}${more.length === 0 ? '' : ' …'}`
}

/** If the model decided, shows the rule with the most weight for the class, if one fired. */
function causeText({ cause, class: promptClass, evidence }: ShownLine): string {
  const [heaviest] = (Evidence.safeParse(evidence).data?.rules ?? [])
    .filter((rule) => rule.class === promptClass)
    .toSorted((a, b) => b.weight - a.weight)
  return cause === 'model' && heaviest !== undefined ? heaviest.id : (cause ?? '–')
}
