import { fail } from '../../base/failure.ts'
import { readConversationItems } from '../../routing/conversation-items.ts'
import type { ByteStream } from '../../upstream/upstream.ts'
import type { Admitted } from '../admit.ts'
import { headerOf, type Upload } from '../exchange.ts'
import { namedModel } from '../redacted-model.ts'
import type { Trip } from '../trip.ts'
import { checkModel } from './check-model.ts'
import { type Fields, readFields } from './fields.ts'
import type { Operation } from './operation.ts'

/** A forwarded request, as far as it was read. */
export interface ForwardRequest {
  readonly operation: Operation
  /** As the client named it; empty if it named none. */
  readonly model: string
  /** What goes upstream: the bytes as received. */
  readonly body: Buffer | ByteStream | null
  /** What goes upstream instead, uncompressed. */
  readonly rewritten?: Buffer
  /** Rules were applied to the body as JSON, so the upstream is told it is JSON, not a form. */
  readonly isJson?: boolean
  /** The length of a streamed body in bytes; undefined if the client does not declare it. */
  readonly length: number | undefined
  /** Undefined for a body that was not read for its model. */
  readonly read: Read | undefined
  /** Ids in the body that may be another team's, and digests of its encrypted content. */
  readonly leansOn?: readonly string[]
}

interface Read extends Fields {
  /** The model named in the body itself; the path may name one too. */
  readonly named: string | undefined
  /** The uncompressed body. No BPE makes more tokens than it has bytes. */
  readonly plain: Buffer
}

/** A recording may exceed the memory limit. Without budgets or an allow-list it may pass unread. */
function needsNoModel({ exchange }: Trip, admitted: Admitted): boolean {
  const isForm = /^multipart\/form-data/i.test(headerOf(exchange.headers, 'content-type') ?? '')
  return isForm && !isBinding(admitted)
}

/** Whether any rule depends on what the body says. */
function isBinding({ key: { team, budgets } }: Admitted): boolean {
  return team.models !== undefined || team.budgets.length + budgets.length > 0
}

/**
 * Reads the body if its model matters or it may name another team's objects; otherwise leaves it with the
 * client. Throws whatever `checkModel`, `readConversationItems` and `Upload.read` throw, `invalid_json` for
 * an unreadable body that rules depend on, and `invalid_request` for one its upstream might read differently.
 */
export async function readRequest(
  trip: Trip,
  admitted: Admitted,
  operation: Operation,
  upload: Upload,
): Promise<ForwardRequest> {
  if (operation.leans && upload.length !== 0) return readItems(trip, operation, upload)
  if (operation.reads && !(upload.exceedsMemory && needsNoModel(trip, admitted))) {
    return readForModel(trip, admitted, operation, upload)
  }
  const model = trip.exchange.deployment ?? ''
  trip.requestedModel = namedModel(trip.live.runtime, model)
  const body = upload.length === 0 ? null : upload.stream()
  return { operation, model, body, length: upload.length, read: undefined }
}

async function readForModel(
  trip: Trip,
  admitted: Admitted,
  operation: Operation,
  upload: Upload,
): Promise<ForwardRequest> {
  const { exchange } = trip
  const { sent, plain } = upload.length === 0 ? NOTHING : await upload.read()
  const binds = isBinding(admitted)
  const fields = readFields(plain, headerOf(exchange.headers, 'content-type'), binds)
  if (binds && fields.kind === 'unreadable' && plain.length > 0) fail(UNREADABLE)
  if (fields.doubt !== undefined) fail({ code: 'invalid_request', ...fields.doubt })
  trip.adapted = fields.changes
  const named = fields.model ?? exchange.deployment
  const model = named ?? ''
  trip.requestedModel = namedModel(trip.live.runtime, model)
  trip.stream = fields.stream
  if (!operation.counts) checkModel(trip, admitted, operation, { model: named, isEmpty: plain.length === 0 })
  if (upload.length === 0) return { operation, model, body: null, length: 0, read: undefined }
  const { body } = fields
  const read = { ...fields, named: fields.model, plain: body }
  const isJson = binds && fields.kind === 'json'
  const request = { operation, model, body: sent, length: sent.length, read, isJson }
  return body === plain ? request : { ...request, rewritten: body }
}

const EMPTY = Buffer.alloc(0)
const NOTHING = { sent: EMPTY, plain: EMPTY }

async function readItems(trip: Trip, operation: Operation, upload: Upload): Promise<ForwardRequest> {
  const { sent, plain } = await upload.read()
  const request = { operation, model: '', body: sent, length: sent.length, read: undefined }
  if (plain.length === 0) return request
  const { body, changes, leansOn } = readConversationItems(plain)
  trip.adapted = changes
  return { ...request, leansOn, isJson: true, ...(body !== plain && { rewritten: body }) }
}

/** No rule can be enforced on a model we cannot read, though the upstream may be able to read it. */
const UNREADABLE = {
  code: 'invalid_json',
  detail: 'it is neither a UTF-8 JSON object nor a form',
} as const
