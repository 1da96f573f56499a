/** An upgrade from the files of one version to those of another, under load. */
export interface Upgrade {
  readonly from: string
  readonly to: string
  /** Stops what was started, newest first. */
  readonly scope: { after(end: () => Promise<unknown>): void }
  /** Between two steps. */
  readonly requests: number
}

export interface Upgraded {
  /** Requests, each of which must be answered in full. */
  readonly count: number
  readonly failures: readonly string[]
  /** How often no server was there, or the response asked for another attempt. */
  readonly triedAgain: number
  /** Rows by outcome; `null` are open. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** Whether each request was answered and has one closed row. */
export function isSeamless({ count, failures, outcomes }: Upgraded): boolean {
  const { ok = 0, ...others } = outcomes
  // A request that reached a server about to stop was refused, with a row of its own.
  return failures.length === 0 && ok === count && Object.keys(others).every((name) => name === 'refused')
}
