/** Structured lines for operators: facts, and a sentence that is always the same. No method waits or throws. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
