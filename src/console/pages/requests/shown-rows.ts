interface Row {
  readonly id: string
}

export interface ShownRows<R extends Row> {
  readonly rows: readonly R[]
  /** Ids of requests that arrived live. */
  readonly fresh: ReadonlySet<string>
  /** Live requests held back, so that the page does not move under a reader. */
  readonly waiting: readonly R[]
}

/**
 * Live requests first, then those of the list, without duplicates. A request that was in flight when listed
 * is shown as it ended. While the user is reading, only `admitted` ones are added.
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
