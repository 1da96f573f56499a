import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Audience, Caller } from './caller.ts'
import { Refused } from './refused.ts'
import type { Session } from './session.ts'

export const METHODS = ['GET', 'POST', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** `/api/teams/:team/keys/:id` has the parameters `team` and `id`. */
type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** A request as parsed by the endpoint's schemas. */
export interface ApiRequest<Path extends string, Query, Body, Who = Caller> {
  readonly params: Readonly<Record<Names<Path>, string>>
  readonly query: Query
  readonly body: Body
  readonly caller: Who
  /** The session whose cookie identified the caller; undefined if a token did. */
  readonly session: Session | undefined
  /** The caller's address, as an audit records it. */
  readonly address: string
  /** Header fields of the request, by lower-case name. */
  header(name: string): string | undefined
  /** Sets a response header. */
  respondWith(name: string, value: string): void
}

/** A streamed response. Destroyed when its reader disconnects. */
export class Streamed {
  readonly type: string
  readonly body: Readable

  constructor(type: string, body: Readable) {
    this.type = type
    this.body = body
  }
}

/** The content types of a streamed response, in place of a schema. */
export interface StreamTypes {
  readonly types: readonly string[]
}

interface Description<Path extends string, Who extends Audience> {
  readonly method: Method
  /** Parameters are written `:name`. */
  readonly path: Path
  readonly role: Who
  /** Its purpose, as one sentence for the documentation. */
  readonly summary: string
}

interface Written<
  Path extends string,
  Who extends Audience,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType | StreamTypes,
> extends Description<Path, Who> {
  /** Strict: an unknown key is rejected. */
  readonly query?: Query
  readonly body?: Body
  readonly answer: Answer
  /** The status of a success (200). */
  readonly status?: 201 | 202
  /** Throws `Refused` to refuse a request. */
  run(
    request: ApiRequest<
      Path,
      z.output<Query>,
      z.output<Body>,
      Who extends 'public' ? Caller | undefined : Caller
    >,
  ): Given<Answer> | Promise<Given<Answer>>
}

type Given<Answer> = Answer extends z.ZodType ? z.input<Answer> : Streamed

/** A request before any schema has parsed it. */
export interface Unread extends Omit<ApiRequest<string, unknown, unknown, Caller | undefined>, 'params'> {
  readonly params: unknown
}

/** One endpoint of the admin API: the data by which it is registered, guarded and documented. */
export interface Endpoint extends Description<string, Audience> {
  readonly query: z.ZodObject
  /** Undefined: takes no body. */
  readonly body: z.ZodType | undefined
  readonly answer: z.ZodType | StreamTypes
  readonly status: 200 | 201 | 202
  /** Parses the request and answers it. Throws `Refused`, also for input that the schemas reject. */
  respond(unread: Unread): Promise<unknown>
}

const NOTHING = z.strictObject({})
const Params = z.record(z.string(), z.string())

/** Builds an endpoint whose `run` is typed by its schemas. */
export function endpoint<
  const Path extends string,
  const Who extends Audience,
  Answer extends z.ZodType | StreamTypes,
  Query extends z.ZodObject = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
>(written: Written<Path, Who, Query, Body, Answer>): Endpoint {
  const { method, path, role, summary, body, answer, status = 200 } = written
  const query = written.query ?? NOTHING
  return {
    method,
    path,
    role,
    summary,
    query,
    body,
    answer,
    status,
    async respond({ params, caller, ...unread }) {
      type Readings = Parameters<typeof written.run>[0]
      const request = {
        ...unread,
        caller,
        params: Params.parse(params),
        query: read(query, unread.query, 'query'),
        body: body === undefined ? undefined : read(body, unread.body, 'body'),
      }
      return written.run(request as Readings)
    },
  }
}

function read(schema: z.ZodType, given: unknown, where: string): unknown {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || where}: ${message}`)
  throw new Refused(400, 'invalid_request', problems.join('; '))
}
