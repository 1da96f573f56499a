/**
 * Sessions that were ended before they expired. Kept until they expire, in a store that outlives the process
 * and that replicas share. Rejects with a `StoreError`.
 */
export interface EndedSessions {
  /** Durable when it resolves. Also removes sessions that have expired. Milliseconds since the epoch. */
  end(session: { readonly id: string; readonly expiresAt: number }, now: number): Promise<void>
  /** Ids of ended sessions that have not yet expired. */
  endedAt(now: number): Promise<readonly string[]>
}
