import { z } from 'zod'
import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'
import type { Address } from '../../config/schema/address.ts'
import { type Io, UsageError } from '../command.ts'
import { configFlag } from '../flags/config-flag.ts'

const Refused = z.object({ error: z.object({ message: z.string(), code: z.string() }) })

/** No server answers at the address, or none that speaks the admin API. */
export class Unanswered extends UsageError {}

/** The admin plane refused the call. */
export class AdminRefusal extends UsageError {
  readonly code: string

  constructor({ message, code }: { readonly message: string; readonly code: string }) {
    super(message)
    this.code = code
  }
}

export interface AdminCall {
  readonly method: string
  readonly path: string
  readonly body?: object | undefined
}

/** Calls the admin plane of a running process. */
export type Admin = (call: AdminCall) => Promise<unknown>

const PATIENCE_MS = 10_000

/**
 * The admin plane at an address. Calls resolve to the JSON of a success and reject with a `UsageError` that
 * says what to fix.
 */
export function adminAt(url: string, token: string): Admin {
  refuseSecrets(url)
  return (call) => ask(url, token, call)
}

export interface AdminFlags {
  readonly config?: string | undefined
  readonly admin?: string | undefined
}

/** The admin plane that the options select: by its URL, or by the configuration its server runs with. */
export function adminOf(flags: AdminFlags, env: Io['env']): Admin {
  const token = tokenIn(env)
  if (flags.admin !== undefined && token !== undefined) return adminAt(flags.admin, token)
  const { admin, admin_token } = loadWithoutSecrets(configFlag(flags.config), env).settings.server
  return adminAt(flags.admin ?? urlOf(admin), token ?? admin_token)
}

/**
 * The token in the environment takes precedence over the configuration's; as in a shell, an empty one counts
 * as unset.
 */
export function tokenIn(env: Io['env']): string | undefined {
  return env.TRIVIUM_ADMIN_TOKEN === '' ? undefined : env.TRIVIUM_ADMIN_TOKEN
}

/**
 * The URL of a listener as seen from this machine; a listener on all interfaces is reached through loopback.
 */
export function urlOf(address: Address): string {
  if (address.port === 0)
    throw new UsageError('server.admin has port 0 (any free port): give the address with --admin URL')
  return nearUrlOf(address)
}

/** The same, for callers that can do without: port 0 is not rejected, but no server answers on it. */
export function nearUrlOf({ host, port }: Address): string {
  const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${near.includes(':') ? `[${near}]` : near}:${port}`
}

/** Error messages quote the address, so it must not contain credentials. */
function refuseSecrets(url: string): void {
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: '', password: '' }
  if (username !== '' || password !== '')
    throw new UsageError('--admin takes no user or password: the token comes from TRIVIUM_ADMIN_TOKEN')
}

async function ask(url: string, token: string, { method, path, body }: AdminCall): Promise<unknown> {
  const answer = await fetch(url.replace(/\/+$/, '') + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
    .then(async (response) => ({ status: response.status, json: parse(await response.text()) }))
    .catch((error: unknown) => {
      throw new Unanswered(`no admin plane answers at ${url}: ${reasonOf(error)}`)
    })
  if (answer.status === 401) {
    throw new UsageError(`${url} refuses the admin token; set TRIVIUM_ADMIN_TOKEN or server.admin_token`)
  }
  if (answer.status < 300) return answer.json
  const refused = Refused.safeParse(answer.json)
  if (!refused.success) throw new Unanswered(`no admin plane answers at ${url}: status ${answer.status}`)
  throw new AdminRefusal(refused.data.error)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `fetch failed` alone is not a useful message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${PATIENCE_MS} ms`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.message
}
