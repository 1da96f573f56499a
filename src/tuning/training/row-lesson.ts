import type { Message } from '../../base/message.ts'
import { compileConversation } from '../../classifier/conversation/conversation.ts'
import type { Features } from '../../classifier/model/features.ts'
import { RecordedTurns } from '../../classifier/recording/recorded-turns.ts'
import type { RuleBook } from '../../classifier/rule.ts'
import type { LabelledRow } from '../labelled/labelled-rows.ts'
import type { LabelledLesson } from './learn.ts'
import { featureTaker } from './lesson.ts'

/** The lesson of a labelled request, and its row. */
export interface RowLesson extends LabelledLesson {
  readonly row: LabelledRow
}

/**
 * Turns rows into lessons: from their recorded features if kept, else from their words. The label is the
 * newest turn's; a turn that the lists know as a follow-up says too little by itself, so the one before is
 * used. Undefined for rows recorded with other features or another salt.
 */
export function lessonTaker(book: RuleBook, salt: number): (row: LabelledRow) => RowLesson | undefined {
  const conversation = compileConversation(book)
  const featuresOf = featureTaker(salt)
  const recorded = new RecordedTurns()

  function ofText(messages: readonly Message[]): Features | undefined {
    for (const turn of conversation.turns(messages)) {
      if (turn.tie !== 'close') return featuresOf(turn.excerpt)
    }
    return undefined
  }

  function ofRecording(recording: string): Features | undefined {
    if (recorded.open(recording) !== undefined || recorded.salt !== salt) return undefined
    for (const turn of recorded.turns()) {
      if (turn.tie === 'close' || recorded.damaged) continue
      const { buckets, familyEnds } = recorded
      return { buckets: buckets.slice(0, familyEnds.at(-1)), familyEnds: familyEnds.slice() }
    }
    return undefined
  }

  return (row) => {
    const { features, words, turns } = row.kept
    const messages = turns?.toReversed().map((content) => ({ role: 'user', content }))
    const [newest] = words ?? []
    const read =
      features !== undefined
        ? ofRecording(features)
        : messages !== undefined
          ? ofText(messages)
          : newest && featuresOf(newest.text)
    return read && { id: row.id, label: row.label, features: read, row }
  }
}
