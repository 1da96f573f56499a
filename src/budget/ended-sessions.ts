/**
 * Sessions of people that were ended before they expired: kept until then, in a store that outlives processes and that
 * replicas share. Rejects when the store does not answer.
 */
export interface EndedSessions {
  /** Durable when it resolves; forgets those that have expired. Milliseconds since the epoch. */
  end(session: { readonly id: string; readonly expiresAt: number }, now: number): Promise<void>
  /** Ids of those that are ended and have not expired. */
  endedAt(now: number): Promise<readonly string[]>
}
