import type { ReportedUsage } from '../base/usage.ts'
import { readUsage } from './usage-report.ts'

/** What a whole answer says about itself. */
export interface AnswerReport {
  readonly usage: ReportedUsage
  readonly model: string | undefined
  /** It is an answer to a chat, whose words can be counted. */
  readonly hasChoices: boolean
}

/** Reads a JSON answer. One that is no JSON reports nothing: it is passed on all the same. */
export function readAnswer(body: Buffer): AnswerReport {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'))
    if (typeof answer !== 'object' || answer === null) return NOTHING
    const model = 'model' in answer && typeof answer.model === 'string' ? answer.model : undefined
    const usage = 'usage' in answer ? readUsage(answer.usage) : 'unreported'
    return { usage, model, hasChoices: 'choices' in answer && Array.isArray(answer.choices) }
  } catch {
    return NOTHING
  }
}

const NOTHING: AnswerReport = { usage: 'unreported', model: undefined, hasChoices: false }
