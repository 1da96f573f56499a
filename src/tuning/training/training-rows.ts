import { compileConversation } from '../../classifier/conversation/conversation.ts'
import type { RuleBook } from '../../classifier/rule.ts'
import { type LabelledPrompt, parallelNumber } from '../labelled/labelled-prompts.ts'
import type { Row } from './training-set.ts'

/** What the classifier would read of each prompt; prompts without text are skipped. */
export function trainingRows(prompts: readonly LabelledPrompt[], book: RuleBook): readonly Row[] {
  const { turns } = compileConversation(book)
  return prompts.flatMap((prompt) => {
    const { messages, label, source, lang } = prompt
    for (const turn of turns(messages)) {
      const first = messages.filter(({ role }) => role === 'user').length === 1
      return [{ text: turn.excerpt, label, source, lang, number: parallelNumber(prompt), first }]
    }
    return []
  })
}
