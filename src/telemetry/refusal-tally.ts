/** Counts refusals by team and code. Codes are a closed list, teams those of the configuration. */
export class RefusalTally {
  readonly #teams = new Map<string, Map<string, number>>()

  count(team: string, code: string): void {
    const codes = this.#teams.get(team) ?? new Map<string, number>()
    this.#teams.set(team, codes)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }

  /** Drops teams that are no longer configured. */
  follow(teams: ReadonlySet<string>): void {
    for (const team of this.#teams.keys()) if (!teams.has(team)) this.#teams.delete(team)
  }

  *all(): Iterable<{ readonly team: string; readonly code: string; readonly count: number }> {
    for (const [team, codes] of this.#teams) {
      for (const [code, count] of codes) yield { team, code, count }
    }
  }
}
