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
  /** What goes upstream in their place, its compression undone. */
  readonly rewritten?: Buffer
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
 * model the team may not reach, `invalid_json` for what cannot be read although rules hang on it, and as `Upload.read` does.
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
  const { models } = key.team
  const isBinding = models !== undefined || key.team.budgets.length + key.budgets.length > 0
  const fields = readFields(plain, headerOf(exchange.headers, 'content-type'), isBinding)
  if (isBinding && !fields.isReadable && plain.length > 0) fail(UNREADABLE)
  trip.adapted = fields.changes
  const model = fields.model ?? exchange.deployment
  trip.requestedModel = model ?? ''
  trip.stream = fields.stream
  if (!operation.counts && model !== undefined && models !== undefined && !models.has(model))
    fail({ code: 'model_not_found', model })
  const { body } = fields
  const read = { ...fields, named: fields.model, plain: body }
  const asked = { operation, body: sent, length: sent.length, read }
  return body === plain ? asked : { ...asked, rewritten: body }
}

/** A model that nobody here can read is one that no rule holds for; its upstream may be able to. */
const UNREADABLE = {
  code: 'invalid_json',
  detail: 'it is neither a JSON object in UTF-8 nor a form',
} as const
