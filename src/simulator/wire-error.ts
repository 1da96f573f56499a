import { z } from 'zod'

/**
 * An error response in OpenAI's envelope: all four keys are always present, and the body is pretty-printed.
 */
export const WireError = z.strictObject({
  status: z.int(),
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string().nullable(),
})
export type WireError = z.infer<typeof WireError>

/** A 400 of type `invalid_request_error`. */
export function invalid(message: string, param: string | null, code: string | null): WireError {
  return { status: 400, message, type: 'invalid_request_error', param, code }
}

/** A 404 in the wording of the endpoints that name a model in the body. */
export function unknownModel(model: string): WireError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  return { status: 404, message, type: 'invalid_request_error', param: null, code: 'model_not_found' }
}

/** The same in the wording of `GET /v1/models/{id}`. */
export function unlistedModel(model: string): WireError {
  const message = `The model '${model}' does not exist`
  return { status: 404, message, type: 'invalid_request_error', param: 'model', code: 'model_not_found' }
}

/** A 404 for a path that the API does not have. */
export function unknownUrl(method: string, path: string): WireError {
  const message = `Invalid URL (${method} ${path})`
  return { status: 404, message, type: 'invalid_request_error', param: null, code: null }
}

/** A 401 for a request without a key. */
export function missingKey(): WireError {
  const message =
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
  return { status: 401, message, type: 'invalid_request_error', param: null, code: null }
}

/** A 401 that quotes the ends of the key, as the vendor does. */
export function wrongKey(key: string): WireError {
  const shown = key.length > 8 ? `${key.slice(0, 4)}****${key.slice(-4)}` : '****'
  const message = `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`
  return { status: 401, message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' }
}

/** A 400 for a body that is no JSON. */
export function notJson(): WireError {
  return invalid(
    'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.',
    null,
    null,
  )
}

/** The body of an error response, byte for byte as the vendor formats it. */
export function errorBody({ message, type, param, code }: WireError): string {
  return `${JSON.stringify({ error: { message, type, param, code } }, null, 2)}\n`
}

/** The simulator itself, or a test's script, threw. Reported explicitly, in words the vendor never uses. */
export function ownFault(thrown: unknown): WireError {
  const message = `The simulator failed: ${String(thrown)}`
  return { status: 500, message, type: 'server_error', param: null, code: 'simulator_failed' }
}

const BUSY: Readonly<Record<number, Omit<WireError, 'status'>>> = {
  429: {
    message:
      'Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms.',
    type: 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  },
  503: {
    message: 'The engine is currently overloaded, please try again later',
    type: 'server_error',
    param: null,
    code: null,
  },
  529: { message: 'Overloaded', type: 'overloaded_error', param: null, code: null },
}

export const BROKEN = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
  param: null,
  code: null,
}

/** The vendor's error for a status that is its own fault. */
export function serverError(status: number): WireError {
  return { status, ...(BUSY[status] ?? BROKEN) }
}

const EDGE_WORDS: Readonly<Record<number, string>> = {
  502: 'Bad Gateway',
  520: 'Web server is returning an unknown error',
  524: 'A timeout occurred',
}

/** What the edge in front of the vendor returns when the vendor does not respond: HTML, not JSON. */
export function edgePage(status: number): string {
  const title = `${status} ${EDGE_WORDS[status] ?? 'Error'}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n`
}
