import type { ReportedUsage } from '../base/usage.ts'
import { readUsage } from './usage-report.ts'

/** What a whole answer says about itself. */
export interface AnswerReport {
  readonly usage: ReportedUsage
  readonly model: string | undefined
}

/** Reads a JSON answer. One that is no JSON reports nothing: it is passed on all the same. */
export function readAnswer(body: Buffer): AnswerReport {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'))
    if (typeof answer !== 'object' || answer === null) return NOTHING
    const model = 'model' in answer && typeof answer.model === 'string' ? answer.model : undefined
    return { usage: 'usage' in answer ? readUsage(answer.usage) : 'unreported', model }
  } catch {
    return NOTHING
  }
}

const NOTHING: AnswerReport = { usage: 'unreported', model: undefined }
