type Incoming = Readonly<Record<string, string | readonly string[] | undefined>>

/** For one hop only (RFC 9110 section 7.6.1), or set by the next hop's sender. */
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
 * Identifies the client to us, not to the upstream. `accept-encoding` is dropped because an answer must be
 * readable to be metered.
 */
const OURS = ['authorization', 'api-key', 'cookie', 'accept-encoding', 'forwarded']
/** Some servers take these for another method or path than the one checked here. */
const OVERRIDES = [
  ...['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-url', 'x-rewrite-url'],
]
const OUR_PREFIXES = /^(x-trivium-|x-forwarded-|sec-|cf-)/
/** The client's address, in the words of different proxies: `x-real-ip`, `true-client-ip`, `x-azure-clientip`. */
const CLIENT_ADDRESS = /(?:^|-)(?:real-ip|client-?ip|forwarded-for)$/
const NOT_FOR_UPSTREAMS = new Set([...HOP_BY_HOP, ...OURS, ...OVERRIDES])

/** The account of the client's own key; valid only with that key. */
const ACCOUNT = new Set(['openai-organization', 'openai-project'])

/** What vendors call the account that asked. */
const ANSWERED_ACCOUNT = [...ACCOUNT, 'anthropic-organization-id']

/** Headers about the upstream's own connection, or that we set ourselves. */
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

/** Nor is the account behind the operator's key any client's concern. */
const NOT_FOR_OTHERS = new Set([...NOT_FOR_CLIENTS, ...ANSWERED_ACCOUNT])

/** The client's headers to send upstream. Headers listed in `connection` are dropped too. */
export function forwardable(headers: Incoming, ownKey: boolean): Record<string, string> {
  const named = typeof headers.connection === 'string' ? namedBy(headers.connection) : undefined
  const forwarded: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || NOT_FOR_UPSTREAMS.has(name) || named?.has(name)) continue
    if (!ownKey && ACCOUNT.has(name)) continue
    if (OUR_PREFIXES.test(name) || CLIENT_ADDRESS.test(name)) continue
    forwarded[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return forwarded
}

/**
 * Declares a body as JSON in UTF-8, whatever the client called it: it was read as that, and an upstream that
 * trusts another type or charset might read something else.
 */
export function asJson(headers: Record<string, string>): void {
  const type = headers['content-type']
  if (type === undefined || type === JSON_TYPE || JSON_TYPES.test(type)) return
  headers['content-type'] = JSON_TYPE
}

const JSON_TYPE = 'application/json'
const JSON_TYPES = /^application\/(?:[\w.+-]+\+)?json(?:\s*;\s*charset="?(?:utf-?8|us-ascii)"?)?\s*$/i

/**
 * An upstream's headers that a client may see, as a flat list of names and values. `ownKey`: it was asked with the
 * client's own key.
 */
export function presentable(headers: Readonly<Record<string, string>>, ownKey: boolean): string[] {
  const hidden = ownKey ? NOT_FOR_CLIENTS : NOT_FOR_OTHERS
  const shown: string[] = []
  const { connection } = headers
  const named = connection === undefined ? undefined : namedBy(connection)
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || hidden.has(name)) continue
    // Only we may speak for ourselves.
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
