import { z } from 'zod'

/** An answer of the admin API. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** The body's JSON. */
  readonly json: unknown
}

const Refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), metadata: z.looseObject({}).optional() }),
})

/** What a refusal says. Throws where the answer is none. */
export function refusalIn({ json }: Answered): z.infer<typeof Refusal>['error'] {
  return Refusal.parse(json).error
}

/** Asks an admin plane with these header fields. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answered>

export function askingWith(adminUrl: string, headers: Readonly<Record<string, string>>): Ask {
  return async (method, path, body) => {
    const response = await fetch(adminUrl + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}

/** Asks as whoever has this token. */
export function askingAs(adminUrl: string, token: string): Ask {
  return askingWith(adminUrl, { authorization: `Bearer ${token}` })
}
