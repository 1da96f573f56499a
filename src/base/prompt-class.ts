/** The three classes. Weights, probabilities and logits are stored in this order, so it is fixed. */
export const PROMPT_CLASSES = ['stem_reasoning', 'factual_recall', 'language_heavy'] as const

export type PromptClass = (typeof PROMPT_CLASSES)[number]

/** Whether a text from outside names a class, in exactly these letters. */
export function isPromptClass(text: string): text is PromptClass {
  return (PROMPT_CLASSES as readonly string[]).includes(text)
}
