import { PROMPT_CLASSES, type PromptClass } from '../../base/prompt-class.ts'
import type { PerClass } from '../verdict.ts'

/** Softmax of the logits divided by a temperature; above 1 it tempers an overconfident model. */
export function probabilitiesOf(logits: PerClass, temperature: number): PerClass {
  const most = Math.max(logits[0], logits[1], logits[2])
  const a = Math.exp((logits[0] - most) / temperature)
  const b = Math.exp((logits[1] - most) / temperature)
  const c = Math.exp((logits[2] - most) / temperature)
  const sum = a + b + c
  return [a / sum, b / sum, c / sum]
}

/** The class with the highest value; in a tie, the first in the order of `PROMPT_CLASSES`. */
export function winnerOf(figures: PerClass): PromptClass {
  if (figures[0] >= figures[1] && figures[0] >= figures[2]) return 'stem_reasoning'
  return figures[1] >= figures[2] ? 'factual_recall' : 'language_heavy'
}

/** A class's index in `PerClass`. */
export function placeOf(promptClass: PromptClass): 0 | 1 | 2 {
  if (promptClass === PROMPT_CLASSES[0]) return 0
  return promptClass === PROMPT_CLASSES[1] ? 1 : 2
}
