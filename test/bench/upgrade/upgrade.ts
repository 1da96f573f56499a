/** From the files of one version to those of another, under load. */
export interface Upgrade {
  readonly from: string
  readonly to: string
  /** Ends what was started, newest first. */
  readonly scope: { after(end: () => Promise<unknown>): void }
  /** Between two steps. */
  readonly requests: number
}

export interface Upgraded {
  /** Requests, each of which is to be answered whole. */
  readonly count: number
  readonly failures: readonly string[]
  /** How often nobody was there, or said that another attempt would do. */
  readonly triedAgain: number
  /** Rows by their outcome; `null` are open. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** Each request was answered and has one closed row. */
export function isSeamless({ count, failures, outcomes }: Upgraded): boolean {
  const { ok = 0, ...others } = outcomes
  // Who came to a server that was about to leave was refused, in a row of its own.
  return failures.length === 0 && ok === count && Object.keys(others).every((name) => name === 'refused')
}
