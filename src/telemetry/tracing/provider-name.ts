import type { TracedUpstream } from '../settings.ts'

/** Vendors by domain suffix, with their names among OpenTelemetry's well-known values. */
const VENDORS: readonly (readonly [string, string])[] = [
  ['.googleapis.com', 'gcp.gemini'],
  ['.anthropic.com', 'anthropic'],
  ['.mistral.ai', 'mistral_ai'],
  ['.deepseek.com', 'deepseek'],
  ['.groq.com', 'groq'],
  ['.x.ai', 'x_ai'],
]

/** The value of `gen_ai.provider.name`. An unknown host speaks OpenAI's API and is reported as such. */
export function providerOf(host: string, kind: TracedUpstream['kind']): string {
  if (kind === 'azure') return 'azure.ai.openai'
  return VENDORS.find(([end]) => `.${host}`.endsWith(end))?.[1] ?? 'openai'
}
