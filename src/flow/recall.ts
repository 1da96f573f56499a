import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { Admitted } from './admit.ts'
import { idsInQuery } from './forward/query-ids.ts'
import type { Parsed } from './parse.ts'
import type { Live, Ports } from './ports.ts'
import type { Key } from './team.ts'
import type { Trip } from './trip.ts'

/**
 * Finds out who holds the state a request depends on, if on any, and how much input beyond its body the model
 * will read. Throws `previous_response_not_found`.
 */
export async function recall(
  ports: Pick<Ports, 'holders'>,
  trip: Trip,
  admitted: Admitted,
  parsed: Parsed,
): Promise<Parsed> {
  const { needs, request } = parsed
  const { state } = request
  if (state === undefined) return parsed
  const holder = await firstHolderOf(ports, trip, admitted, { ...NOT_FOUND, ids: state.ids })
  const isBounded = state.previous === undefined || holder?.tokens !== undefined
  const size = {
    ...needs.size,
    unbounded: needs.size.unbounded || !isBounded,
    priorTokens: state.previous === undefined ? 0 : (holder?.tokens ?? 0),
  }
  return { ...parsed, needs: { ...needs, size }, holder }
}

const NOT_FOUND = { code: 'previous_response_not_found' } as const

/** An id that is named, and the failure if the requester has no such object. */
export interface Named {
  readonly id: string
  /** See `Holders.holderOf`. */
  readonly isAwaited: boolean
  readonly code: 'previous_response_not_found' | 'object_not_found'
  /** The body field that names it. */
  readonly param?: string
}

/** The caller, and the upstreams there are: all this file needs of a request. */
type Requester = { readonly key: { readonly team: Pick<Key['team'], 'name'> } }
type Configured = { readonly live: Pick<Live, 'upstream'> }

/**
 * The first holder found among these ids; throws as `holderOf` does for any of them. Once one wait was in
 * vain, none of the other ids is waited for: they had the same time to be recorded.
 */
export async function firstHolderOf(
  ports: Pick<Ports, 'holders'>,
  trip: Configured,
  admitted: Requester,
  { ids, ...missing }: Omit<Named, 'id' | 'isAwaited'> & { readonly ids: readonly string[] },
): Promise<Holder | undefined> {
  let holder: Holder | undefined
  let isAwaited = true
  for (const id of ids) {
    const found = await holderOf(ports, trip, admitted, { ...missing, id, isAwaited })
    if (found === undefined) isAwaited = false
    holder ??= found
  }
  return holder
}

/**
 * Who holds the object this id names; undefined if nobody knows. Throws its `code` for another team's object,
 * and for one at an upstream no longer configured, since no other upstream could know it.
 */
export async function holderOf(
  { holders }: Pick<Ports, 'holders'>,
  { live }: Configured,
  { key }: Requester,
  { id, isAwaited, ...missing }: Named,
): Promise<Holder | undefined> {
  const found = await holders.holderOf(id, isAwaited)
  if (found === undefined) return undefined
  if (found.team !== key.team.name) fail({ ...missing, id })
  if (live.upstream(found.upstream) !== undefined) return found
  return fail({ ...missing, id, left: found.upstream })
}

/**
 * Refuses a request whose query names another team's object: there is no telling what an upstream reads
 * there. Throws `previous_response_not_found`.
 */
export async function recallQuery(
  ports: Pick<Ports, 'holders'>,
  trip: Trip,
  admitted: Admitted,
): Promise<void> {
  const ids = idsInQuery(trip.exchange.query)
  for (const id of ids) await holderOf(ports, trip, admitted, { id, ...NOT_FOUND, isAwaited: false })
}
