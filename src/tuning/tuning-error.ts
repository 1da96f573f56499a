/** A candidate or its journal cannot be read or written; the message is one line and names the file. */
export class TuningError extends Error {
  override readonly name = 'TuningError'
}

/** No candidate matches the name, or several do. */
export class NoSuchCandidate extends TuningError {}

/** Someone else decided at the same moment, based on the same state. */
export class DecidedMeanwhile extends TuningError {}
