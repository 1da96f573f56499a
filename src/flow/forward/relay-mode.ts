import { MOST_BODY_BYTES } from '../../upstream/whole-body.ts'
import type { Exchange } from '../exchange.ts'
import { fileReadBy, fillsConversation, listsKept } from './named-objects.ts'
import type { Sent } from './send.ts'

/** How an upstream's answer is relayed. */
export type RelayMode =
  /** An error is read whole: it may be a refusal of our own key, which is not the client's business. */
  | { readonly kind: 'error' }
  /** JSON from a priced operation is read whole, so that its headers can carry the cost. */
  | { readonly kind: 'priced' }
  /** A list of stored objects is read whole, so that those of other teams can be taken out. */
  | { readonly kind: 'own_list' }
  /** A file streams through, and is read along: it may be the output of a batch that has not been charged. */
  | { readonly kind: 'file'; readonly file: string }
  /** A conversation that is created or filled streams through; its ids are remembered with their team. */
  | { readonly kind: 'conversation' }
  /** The state of batches streams through: a finished batch is noticed when its client reads it. */
  | { readonly kind: 'batches' }
  /** Everything else streams through. */
  | { readonly kind: 'bytes' }

/** The first mode that applies, in this order. */
export function relayModeOf(
  exchange: Pick<Exchange, 'method' | 'path'>,
  { reply, price, operation }: Pick<Sent, 'reply' | 'price' | 'operation'>,
): RelayMode {
  const { status, headers } = reply
  if (status >= 400) return { kind: 'error' }
  const isJson = headers['content-type']?.toLowerCase().startsWith('application/json') === true
  if (isJson && price !== undefined && fits(headers['content-length'])) return { kind: 'priced' }
  if (isJson && listsKept(exchange)) return { kind: 'own_list' }
  const file = status === 200 ? fileReadBy(exchange) : undefined
  if (file !== undefined) return { kind: 'file', file }
  if (!isJson) return { kind: 'bytes' }
  if (fillsConversation(exchange)) return { kind: 'conversation' }
  return { kind: operation.endpoint === 'batches' ? 'batches' : 'bytes' }
}

/** Larger answers are not buffered. */
function fits(length: string | undefined): boolean {
  return length === undefined || Number(length) <= MOST_BODY_BYTES
}
