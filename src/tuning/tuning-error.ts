import { sep } from 'node:path'

/** A candidate or its journal cannot be read or written; the message is one line and names the file. */
export class TuningError extends Error {
  override readonly name = 'TuningError'
}

/** What went wrong, files named from the candidates' folder on: whoever asks over the network need not know where it lies. */
export function withinFolder(candidates: string, message: string): string {
  return message.replaceAll(`${candidates}${sep}`, '').replaceAll(candidates, 'candidates')
}
