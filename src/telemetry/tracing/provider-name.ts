import type { TracedUpstream } from '../settings.ts'

/** Vendors by the end of their hosts' names, as OpenTelemetry's list of well-known values names them. */
const VENDORS: readonly (readonly [string, string])[] = [
  ['.googleapis.com', 'gcp.gemini'],
  ['.anthropic.com', 'anthropic'],
  ['.mistral.ai', 'mistral_ai'],
  ['.deepseek.com', 'deepseek'],
  ['.groq.com', 'groq'],
  ['.x.ai', 'x_ai'],
]

/** Who answers, for `gen_ai.provider.name`: whoever is not known by its address speaks OpenAI's API, and is told as that. */
export function providerOf(host: string, kind: TracedUpstream['kind']): string {
  if (kind === 'azure') return 'azure.ai.openai'
  return VENDORS.find(([end]) => `.${host}`.endsWith(end))?.[1] ?? 'openai'
}
