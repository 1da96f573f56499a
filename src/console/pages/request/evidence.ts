import { z } from 'zod'
import { PROMPT_CLASSES, type PromptClass } from '../../../base/prompt-class.ts'

const promptClass = z.enum(PROMPT_CLASSES)

/**
 * The part of a row's evidence that explains a classifier decision; other kinds of rows have other evidence.
 */
const Evidence = z.object({
  rules: z.array(z.object({ id: z.string(), class: promptClass, weight: z.number() })),
  logits: z.tuple([z.number(), z.number(), z.number()]),
  read: z.object({ scored: z.number(), of: z.number() }).optional(),
  turnsBack: z.number().optional(),
  passed_over: z
    .array(z.object({ model: z.string(), upstream: z.string(), in: z.boolean(), why: z.string() }))
    .optional(),
  reordered: z.string().optional(),
  shadow: z
    .object({
      class: promptClass,
      confidence: z.number(),
      rules_version: z.string(),
      weights_version: z.string(),
    })
    .optional(),
})
export type Evidence = z.infer<typeof Evidence>

/** Undefined if no classifier decided. */
export function evidenceOf(said: unknown): Evidence | undefined {
  return Evidence.safeParse(said).data
}

/** What one source contributes to a class, in log-odds. */
export interface Contribution {
  readonly from: string
  readonly kind: 'rule' | 'words'
  readonly amount: number
}

export interface ClassSum {
  readonly class: PromptClass
  readonly logit: number
  readonly contributions: readonly Contribution[]
}

/** Each class's sum and its parts: the rules that fired, and everything the learned weights add. */
export function sumsOf({ rules, logits }: Evidence): readonly ClassSum[] {
  return PROMPT_CLASSES.map((each, index) => {
    const logit = logits[index] ?? 0
    const fired = rules
      .filter((rule) => rule.class === each)
      .map(({ id, weight }): Contribution => ({ from: id, kind: 'rule', amount: weight }))
    const learned = logit - fired.reduce((sum, { amount }) => sum + amount, 0)
    return {
      class: each,
      logit,
      contributions: [{ from: 'learned weights', kind: 'words', amount: learned }, ...fired],
    }
  })
}
