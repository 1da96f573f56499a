import { compileBeginnings } from './beginning.ts'
import { isJsonObject } from './envelope.ts'

/** Recognises turns that a program wrote in the person's place: tool results, what to do next. */
export function compileProgramTurns(beginnings: readonly string[]): (text: string) => boolean {
  const begins = compileBeginnings(beginnings)
  return (text) => begins(text) || isJsonObject(text)
}
