import { z } from 'zod'
import type { UpstreamSettings } from './settings.ts'

/** An upstream's response to `GET /models`. */
export interface Reachability {
  readonly upstream: string
  readonly ok: boolean
  /** One line: `answers in 143 ms, models listed: 37`, `unreachable: ECONNREFUSED`. Contains no secret. */
  readonly detail: string
  /** The models it lists, with its announced shutdown date (milliseconds since the epoch), if any. */
  readonly models: ReadonlyMap<string, number | undefined> | undefined
}

const TIMEOUT_MS = 5000

/** Earlier dates are implausible: there were no models to retire. */
const FIRST_MODELS = Date.UTC(2020)

/** Vendors write dates as text or as seconds since the epoch; an unreadable one counts as none. */
const ShutdownDate = z
  .union([
    z.number().transform((seconds) => seconds * 1000),
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}/)
      .refine((text) => new Date(text.slice(0, 10)).toJSON()?.startsWith(text.slice(0, 10)))
      .transform((text) => Date.parse(text)),
  ])
  .refine((at) => at > FIRST_MODELS)
const ModelList = z.object({
  data: z.array(z.object({ id: z.string(), shutdown_date: ShutdownDate.optional().catch(undefined) })),
})

/** Asks an upstream for its models. Never rejects: any failure is part of the result. */
export async function askModels(upstream: UpstreamSettings, timeoutMs = TIMEOUT_MS): Promise<Reachability> {
  const started = performance.now()
  const answer = (ok: boolean, detail: string, models?: Reachability['models']): Reachability => ({
    upstream: upstream.name,
    ok,
    detail,
    models,
  })
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(modelsUrl(upstream), { headers: keyHeader(upstream), signal })
    const body = await response.text()
    const took = `${Math.round(performance.now() - started)} ms`
    if (response.status === 401 || response.status === 403) {
      return answer(false, `rejects the key (status ${response.status})`)
    }
    if (response.status >= 500) return answer(false, `answers with status ${response.status}`)
    const models = response.ok ? readModels(body) : undefined
    if (models === undefined) return answer(true, `answers in ${took}, but lists no models`)
    return answer(true, `answers in ${took}, models listed: ${models.size}`, models)
  } catch (error) {
    return answer(false, `unreachable: ${reasonOf(error, timeoutMs)}`)
  }
}

function modelsUrl({ baseUrl, kind, apiVersion }: UpstreamSettings): string {
  if (kind === 'openai' || baseUrl.endsWith('/openai/v1')) return `${baseUrl}/models`
  return `${baseUrl}/openai/models?api-version=${encodeURIComponent(apiVersion ?? '')}`
}

function keyHeader({ kind, apiKey }: UpstreamSettings): Record<string, string> {
  if (apiKey === undefined) return {}
  return kind === 'azure' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` }
}

/** `{"data":[{"id","shutdown_date"?}]}`; undefined for anything else. */
function readModels(body: string): ReadonlyMap<string, number | undefined> | undefined {
  const parsed = ModelList.safeParse(parseJson(body))
  return parsed.success
    ? new Map(parsed.data.data.map((model) => [model.id, model.shutdown_date]))
    : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The code of the innermost cause: `fetch failed` alone is useless. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.message
}
