import { z } from 'zod'
import type { Bill } from '../bill.ts'
import type { OpenCall } from '../call.ts'
import { type Random, word } from '../random.ts'
import { invalid, type WireError } from '../wire-error.ts'
import type { Shelf } from './shelf.ts'

/** A request to the unrouted part of the API, parsed up to its path. */
export interface Ask {
  readonly call: OpenCall
  /** The values of the path's placeholders, unescaped. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly shelf: Shelf
  readonly bill: Bill
  readonly random: Random
  /** Seconds since the epoch. */
  readonly now: number
}

/** A complete answer; several pieces are sent as separate writes. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer | readonly string[]
}

/** One operation: its method, its path with `{placeholders}`, and its implementation. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly answer: (ask: Ask) => Answer | Promise<Answer>
}

/** Ends a request with one of the vendor's errors. */
export class Refused extends Error {
  readonly error: WireError

  constructor(error: WireError) {
    super(error.message)
    this.error = error
  }
}

/** A success with a pretty-printed body, as the vendor sends it. */
export function json(value: object): Answer {
  return { status: 200, type: 'application/json', body: `${JSON.stringify(value, null, 2)}\n` }
}

/** Streamed events in the format of Assistants, images and audio. */
export function events(
  frames: readonly { readonly event?: string; readonly data: object | string }[],
): Answer {
  const body = frames.map(({ event, data }) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data)
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
  })
  return { status: 200, type: 'text/event-stream; charset=utf-8', body }
}

/** The JSON body, rejected if a field is unknown or of the wrong type; an empty body counts as `{}`. */
export function bodyOf<T extends z.ZodType>({ call }: Ask, schema: T): z.infer<T> {
  if (call.body.length > 0 && call.parsed === undefined) {
    throw new Refused(invalid('We could not parse the JSON body of your request.', null, null))
  }
  return checked(schema, call.parsed ?? {})
}

/** Parses a value, or describes what is wrong with it in the vendor's words. */
export function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    throw new Refused(invalid(`Unknown parameter: '${key}'.`, key, 'unknown_parameter'))
  }
  const param = (issue?.path ?? []).join('.')
  throw new Refused(invalid(`Invalid value for '${param}': ${issue?.message ?? ''}.`, param, 'invalid_value'))
}

/** An id that depends on the simulator's seed alone. */
export function newId({ random }: Ask, prefix: string): string {
  return `${prefix}${word(random, 24)}`
}

/** A 404 in the vendor's words, to be thrown. */
export function notFound(kind: string, id: string): Refused {
  const message = `No ${kind} found with id '${id}'.`
  return new Refused({ status: 404, message, type: 'invalid_request_error', param: null, code: null })
}

/** Allowed on every object. */
export const Metadata = z.record(z.string(), z.string()).nullable()
