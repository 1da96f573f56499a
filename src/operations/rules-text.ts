import { readFileSync } from 'node:fs'
import { whyUnreadable } from '../config/file/read-text.ts'
import { TuningError } from '../tuning/tuning-error.ts'

/** Rules as written. Throws a `TuningError` that names the file. */
export function readRulesText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new TuningError(`${file}: ${whyUnreadable(error)}`)
  }
}
