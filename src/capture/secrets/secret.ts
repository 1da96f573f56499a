/** Kinds redacted from every text, whatever the configuration says; a mark names its kind: `[email]`. */
export const SECRET_KINDS = ['key', 'email', 'iban', 'card', 'phone', 'ip'] as const

/** A piece of text that must not be kept; in UTF-16 units, `end` exclusive. */
export interface Secret {
  readonly start: number
  readonly end: number
  /** Replaces it, in brackets. */
  readonly mark: string
}

/** Finds secrets of one kind, in time linear in the text. */
export type Finder = (text: string) => Iterable<Secret>
