import { fail } from '../../base/failure.ts'
import type { ByteStream } from '../../upstream/upstream.ts'
import type { Admitted } from '../admit.ts'
import { headerOf, type Upload } from '../exchange.ts'
import type { Trip } from '../trip.ts'
import { type Fields, readFields } from './fields.ts'
import type { Operation } from './operation.ts'

/** A request that is forwarded as it is, as far as it is read. */
export interface Asked {
  readonly operation: Operation
  /** What goes upstream: the very bytes. */
  readonly body: Buffer | ByteStream | null
  /** Bytes of a body that streams through; undefined where its client does not say. */
  readonly length: number | undefined
  /** Undefined for a body that was not read. */
  readonly read: Read | undefined
}

interface Read extends Fields {
  /** The model in the body itself; the path may name one too. */
  readonly named: string | undefined
  /** The body, its compression undone. No BPE makes more tokens than it has bytes. */
  readonly plain: Buffer
}

/** A recording may be longer than what is held in memory. Where no budget and no allow-list asks, it may pass unread. */
function needsNoModel({ exchange }: Trip, { team, budgets }: Admitted['key']): boolean {
  const isForm = /^multipart\/form-data/i.test(headerOf(exchange.headers, 'content-type') ?? '')
  return isForm && team.models === undefined && team.budgets.length + budgets.length === 0
}

/**
 * Reads the body where its model decides something, else leaves it with the client. Throws `model_not_found` for a
 * model the team may not reach, and as `Upload.read` does.
 */
export async function ask(
  trip: Trip,
  { key }: Admitted,
  operation: Operation,
  upload: Upload,
): Promise<Asked> {
  const { exchange } = trip
  if (upload.length === 0) {
    trip.requestedModel = exchange.deployment ?? ''
    return { operation, body: null, length: 0, read: undefined }
  }
  if (!operation.reads || (upload.exceedsMemory && needsNoModel(trip, key))) {
    return { operation, body: upload.stream(), length: upload.length, read: undefined }
  }
  const { sent, plain } = await upload.read()
  const fields = readFields(plain, headerOf(exchange.headers, 'content-type'))
  const model = fields.model ?? exchange.deployment
  trip.requestedModel = model ?? ''
  trip.stream = fields.stream
  const { models } = key.team
  if (!operation.counts && model !== undefined && models !== undefined && !models.has(model))
    fail({ code: 'model_not_found', model })
  return { operation, body: sent, length: sent.length, read: { ...fields, named: fields.model, plain } }
}
