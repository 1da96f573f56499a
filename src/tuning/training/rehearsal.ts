import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleBook } from '../../classifier/rule.ts'
import { readLabelledPrompts } from '../labelled/labelled-prompts.ts'
import type { Lesson } from './lesson.ts'
import { featureTaker } from './lesson.ts'
import { trainingRows } from './training-rows.ts'

/** Prompts repeated while labels are learned, so that nothing else is forgotten. */
export interface Rehearsal {
  readonly lessons: readonly Lesson[]
  /** Number of prompts per file. */
  readonly files: Readonly<Record<string, number>>
}

/** Every how many of the shipped prompts to use: neighbours are alike. */
const EVERY = 2

/** Every second prompt of a folder's labelled files. Throws a `LabelledPromptError`. */
export async function readRehearsal(folder: string, book: RuleBook, salt: number): Promise<Rehearsal> {
  const featuresOf = featureTaker(salt)
  const lessons: Lesson[] = []
  const files: Record<string, number> = {}
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.jsonl'))
    .sort()) {
    const prompts = await readLabelledPrompts(join(folder, name))
    const rows = trainingRows(
      prompts.filter((_, index) => index % EVERY === 0),
      book,
    )
    for (const { text, label } of rows) lessons.push({ features: featuresOf(text), label })
    files[name] = rows.length
  }
  return { lessons, files }
}
