interface Row {
  readonly id: string
}

export interface ShownRows<R extends Row> {
  readonly rows: readonly R[]
  /** Ids of those that came in live. */
  readonly fresh: ReadonlySet<string>
  /** Live ones that wait, so that nothing moves under a reader. */
  readonly waiting: readonly R[]
}

/**
 * Live requests before those of the list, each once. What was in flight when it was listed is shown as it ended. While
 * somebody reads, only `admitted` ones come in.
 */
export function shownRows<R extends Row>(
  live: readonly R[],
  listed: readonly R[],
  reads: boolean,
  admitted: ReadonlySet<string>,
): ShownRows<R> {
  const ended = new Map(live.map((row) => [row.id, row]))
  const known = new Set(listed.map(({ id }) => id))
  const unseen = live.filter(({ id }) => !known.has(id))
  const waiting = reads ? unseen.filter(({ id }) => !admitted.has(id)) : []
  const shown = waiting.length === 0 ? unseen : unseen.filter(({ id }) => admitted.has(id))
  return {
    rows: [...shown, ...listed.map((row) => ended.get(row.id) ?? row)],
    fresh: new Set(shown.map(({ id }) => id)),
    waiting,
  }
}
