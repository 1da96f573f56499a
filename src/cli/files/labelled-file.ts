import { accessSync, constants, statSync } from 'node:fs'
import { whyUnreadable } from '../../config/file/read-text.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../../tuning/labelled/labelled-prompts.ts'
import { type LabelledTurn, readLabelledTurns } from '../../tuning/labelled/labelled-turns.ts'
import { UsageError } from '../command.ts'

/**
 * Reads the prompts of a file given on the command line. Throws a `UsageError` or a `LabelledPromptError`.
 */
export async function readLabelledFile(file: string): Promise<readonly LabelledPrompt[]> {
  checkReadable(file)
  return readLabelledPrompts(file)
}

/** Reads the turns of such a file. Throws the same. */
export async function readTurnsFile(file: string): Promise<readonly LabelledTurn[]> {
  checkReadable(file)
  return readLabelledTurns(file)
}

function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK)
    if (statSync(file).isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' })
  } catch (error) {
    throw new UsageError(`${file}: ${whyUnreadable(error)}`)
  }
}
