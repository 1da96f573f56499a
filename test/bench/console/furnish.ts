import type { PromptClass } from '../../../src/base/prompt-class.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'

/** Labels that people gave: as many as a year of diligence brings. */
export const LABELLED = 5_000
/** Of the newest rows, those of which words were kept. */
export const KEPT = 50_000

/** What stands in the `prompt` of the row with this number; few say semaphore. */
export function promptOf(number: number): string {
  const text =
    number % 9_973 === 0 ? 'What is a semaphore?' : `How is the weather in place ${number}, and why?`
  return JSON.stringify({
    v: 1,
    first: 'gpt-4o',
    needs: { for: [], bytes: text.length, messages: 1 },
    turns: [text],
    alone: true,
    more: false,
  })
}

/** Most labels agree with the verdict. */
export function labelOf(number: number, given: PromptClass): PromptClass {
  return number % 7 === 0 ? (PROMPT_CLASSES[number % 3] ?? given) : given
}
