import { accessSync, constants, statSync } from 'node:fs'
import { whyUnreadable } from '../config/read-text.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../tuning/labelled-prompts.ts'
import { UsageError } from './command.ts'

/** The prompts of a file that a command was given. Throws a `UsageError` or a `LabelledPromptError`. */
export async function readLabelledFile(file: string): Promise<readonly LabelledPrompt[]> {
  try {
    accessSync(file, constants.R_OK)
    if (statSync(file).isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' })
  } catch (error) {
    throw new UsageError(`${file}: ${whyUnreadable(error)}`)
  }
  return readLabelledPrompts(file)
}
