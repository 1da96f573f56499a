import { z } from 'zod'

/** A response of the admin API. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** The body parsed as JSON. */
  readonly json: unknown
}

const Refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), metadata: z.looseObject({}).optional() }),
})

/** The content of a refusal. Throws if the response is not one. */
export function refusalIn({ json }: Answered): z.infer<typeof Refusal>['error'] {
  return Refusal.parse(json).error
}

/** Sends requests to an admin plane with these headers. */
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

/** Sends requests with this token. */
export function askingAs(adminUrl: string, token: string): Ask {
  return askingWith(adminUrl, { authorization: `Bearer ${token}` })
}
