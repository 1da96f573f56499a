type Incoming = Readonly<Record<string, string | readonly string[] | undefined>>

/** Meant for one hop only (RFC 9110 section 7.6.1), or said anew by whoever makes the next hop. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
])

/**
 * Says who the client is to us, not to the upstream; `accept-encoding` is left out because an answer must be readable
 * to be metered.
 */
const OURS = ['authorization', 'api-key', 'cookie', 'accept-encoding', 'forwarded']
/** To some servers they name another method or path than was asked about here. */
const OVERRIDES = [
  ...['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-url', 'x-rewrite-url'],
]
const OUR_PREFIXES = /^(x-trivium-|x-forwarded-|sec-|cf-)/
const NOT_FOR_UPSTREAMS = new Set([...HOP_BY_HOP, ...OURS, ...OVERRIDES])

/** The account the client's own key belongs to: right with that key only. */
const ACCOUNT = new Set(['openai-organization', 'openai-project'])

/** What of an answer is about the upstream's own connection, or is said by us. */
const NOT_FOR_CLIENTS = new Set([
  ...HOP_BY_HOP,
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'x-request-id',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
])

/** The client's headers that go upstream. A header named by `connection` stays behind too. */
export function forwardable(headers: Incoming, ownKey: boolean): Record<string, string> {
  const named = typeof headers.connection === 'string' ? namedBy(headers.connection) : undefined
  const forwarded: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || NOT_FOR_UPSTREAMS.has(name) || named?.has(name)) continue
    if (!ownKey && ACCOUNT.has(name)) continue
    if (OUR_PREFIXES.test(name)) continue
    forwarded[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return forwarded
}

/**
 * Says that a body is JSON in UTF-8, whatever its client called it: it was read as that, and an upstream that goes by
 * another type or charset might read something else.
 */
export function asJson(headers: Record<string, string>): void {
  const type = headers['content-type']
  if (type === undefined || type === JSON_TYPE || JSON_TYPES.test(type)) return
  headers['content-type'] = JSON_TYPE
}

const JSON_TYPE = 'application/json'
const JSON_TYPES = /^application\/(?:[\w.+-]+\+)?json(?:\s*;\s*charset="?(?:utf-?8|us-ascii)"?)?\s*$/i

/** An upstream's headers that a client may see, as a flat list of names and values. */
export function presentable(headers: Readonly<Record<string, string>>): string[] {
  const shown: string[] = []
  const { connection } = headers
  const named = connection === undefined ? undefined : namedBy(connection)
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || NOT_FOR_CLIENTS.has(name)) continue
    // What we say of ourselves nobody else can say.
    if (name.startsWith('x-trivium-') || named?.has(name)) continue
    shown.push(name, value)
  }
  const id = headers['x-request-id']
  if (id !== undefined) shown.push('x-upstream-request-id', id)
  return shown
}

function namedBy(connection: string): ReadonlySet<string> | undefined {
  if (connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
