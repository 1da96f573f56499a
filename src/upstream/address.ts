import type { UpstreamSettings } from './settings.ts'
import type { Call } from './upstream.ts'

/** Where a call goes, and its credentials. */
export interface Address {
  readonly path: string
  readonly auth: Readonly<Record<string, string>>
}

/** What Azure serves per deployment; everything else is beside the deployments. */
const BELOW_DEPLOYMENT = /^\/(chat\/completions|completions|embeddings|audio\/\w+|images\/\w+)$/

/**
 * OpenAI: the path relative to the base URL, and a bearer token. Azure: the deployment in the path if
 * applicable, the version in the query, the key in `api-key`; with a base URL ending in `/openai/v1`, Azure
 * uses OpenAI's paths.
 */
export function addressOf(settings: UpstreamSettings, prefix: string, call: Call): Address {
  const key = call.bearer ?? settings.apiKey
  if (settings.kind === 'openai') {
    return { path: prefix + call.path, auth: key === undefined ? {} : { authorization: `Bearer ${key}` } }
  }
  const auth: Record<string, string> = key === undefined ? {} : { 'api-key': key }
  if (prefix.endsWith('/openai/v1')) return { path: prefix + call.path, auth }
  const [path = ''] = call.path.split('?', 1)
  const isBelow = call.model !== '' && BELOW_DEPLOYMENT.test(path)
  const deployment = isBelow ? `/deployments/${encodeURIComponent(deploymentOf(settings, call.model))}` : ''
  const join = call.path.includes('?') ? '&' : '?'
  const version = settings.apiVersion === undefined ? '' : `${join}api-version=${settings.apiVersion}`
  return { path: `${prefix}/openai${deployment}${call.path}${version}`, auth }
}

/** A client may name anything: `constructor`, or half a character, which cannot be escaped. */
function deploymentOf({ deployments }: UpstreamSettings, model: string): string {
  const own = Object.hasOwn(deployments, model) ? deployments[model] : undefined
  return (own ?? model).toWellFormed()
}
