import { z } from 'zod'
import { ShownEntry, ShownRaise } from '../budget/raise-words.ts'
import { UsageError } from './command.ts'
import type { RaiseDesk } from './raise-desk.ts'

const Refused = z.object({ error: z.object({ message: z.string(), code: z.string() }) })

/** Nobody answers at the address, or nobody who speaks as the admin plane does. */
export class Unanswered extends UsageError {}

const PATIENCE_MS = 10_000
const PATH = '/api/budgets/raises'

/** The desk of a running process, behind its admin plane. Rejects with a `UsageError` that says what to mend. */
export function adminDesk(url: string, token: string): RaiseDesk {
  refuseSecrets(url)
  const call = (method: string, path: string, body?: object) => ask(url, token, { method, path, body })
  return {
    effect: 'in force now',
    list: async () => z.object({ raises: z.array(ShownRaise) }).parse(await call('GET', PATH)).raises,
    async grant({ until, ...wish }) {
      const body = { ...wish, until: new Date(until).toISOString() }
      return ShownRaise.parse(await call('POST', PATH, body))
    },
    async revoke(id, why) {
      const answer = await call('DELETE', `${PATH}/${encodeURIComponent(id)}`, why)
      return answer === undefined ? undefined : ShownRaise.parse(answer)
    },
    log: async () =>
      z.object({ entries: z.array(ShownEntry) }).parse(await call('GET', `${PATH}/log`)).entries,
    close: async () => undefined,
  }
}

/** Whatever is said of an address that cannot be reached must not print what was put into it. */
function refuseSecrets(url: string): void {
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: '', password: '' }
  if (username !== '' || password !== '')
    throw new UsageError('--admin takes no user or password: the token comes from TRIVIUM_ADMIN_TOKEN')
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body: object | undefined
}

/** The JSON of a success; undefined for a raise that is not there. */
async function ask(url: string, token: string, { method, path, body }: Call): Promise<unknown> {
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
  if (refused.data.error.code === 'raise_not_found') return undefined
  throw new UsageError(refused.data.error.message)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `fetch failed` alone tells nobody anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${PATIENCE_MS} ms`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.message
}
