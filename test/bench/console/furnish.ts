import type { PromptClass } from '../../../src/base/prompt-class.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'

/** Rows that people have labelled: the result of a diligent year. */
export const LABELLED = 5_000
/** The newest rows, whose text was kept. */
export const KEPT = 50_000

/** The `prompt` of the row with this number; few contain "semaphore". */
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
