/** Kinds of what is taken out of every text, whatever the configuration says; a mark names its kind: `[email]`. */
export const SECRET_KINDS = ['key', 'email', 'iban', 'card', 'phone', 'ip'] as const
export type SecretKind = (typeof SECRET_KINDS)[number]

/** A piece of a text that must not be kept; in UTF-16 units, `end` excluded. */
export interface Secret {
  readonly start: number
  readonly end: number
  /** What stands in its place, between brackets. */
  readonly mark: string
}

/** Finds secrets of a kind, in time linear in the text. */
export type Finder = (text: string) => Iterable<Secret>
