import { z } from 'zod'

/** Query parameters of the admin API: absent and empty values are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>

/**
 * The server refused: `code` and `message` come from its error envelope. `status` 0 means that nothing
 * answered.
 */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const Envelope = z.object({ error: z.object({ message: z.string(), code: z.string().nullable() }) })

/**
 * A client of the admin API. Responses are parsed with the server's own schemas, so a page never shows
 * something it misread.
 */
export class Client {
  /** Needed for changes; comes with the session's response. */
  csrf: string | null = null

  get<Answer>(answer: z.ZodType<Answer>, path: string, query: Query, signal: AbortSignal): Promise<Answer> {
    return this.#ask(answer, addressOf(path, query), { signal })
  }

  /** `body` undefined: no body is sent. */
  change<Answer>(
    answer: z.ZodType<Answer>,
    method: 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const headers = new Headers()
    if (this.csrf !== null) headers.set('x-csrf-token', this.csrf)
    if (body !== undefined) headers.set('content-type', 'application/json')
    return this.#ask(answer, path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
  }

  async #ask<Answer>(schema: z.ZodType<Answer>, address: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(address, init).catch((error: unknown) => {
      if (init.signal?.aborted === true) throw error
      throw new Refusal(0, 'unreachable', 'The server does not answer.')
    })
    const said: unknown = await response.json().catch(() => undefined)
    if (!response.ok) {
      const { data } = Envelope.safeParse(said)
      const { message, code } = data?.error ?? {
        message: `The server answered ${response.status}.`,
        code: null,
      }
      throw new Refusal(response.status, code ?? 'unknown', message)
    }
    const { data, error } = schema.safeParse(said)
    if (error === undefined) return data
    console.warn(`${address}: ${z.prettifyError(error)}`)
    throw new Refusal(
      response.status,
      'misread',
      'This page and the server are different versions: reload the page.',
    )
  }
}

export function addressOf(path: string, query: Query): string {
  const said = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') said.set(name, String(value))
  }
  return said.size === 0 ? path : `${path}?${said}`
}
