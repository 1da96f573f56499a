import { LONGEST_MODEL_NAME, ROUTING_NAMES } from '../base/model-name.ts'
import type { Runtime } from './runtime.ts'

const ROUTED: ReadonlySet<string> = new Set(ROUTING_NAMES)

/**
 * A model's name, safe to write down. Clients may send anything as `model`, even an API key by mistake: names
 * the configuration does not know are redacted, and names that are too long are truncated.
 */
export function namedModel({ targets, redact }: Pick<Runtime, 'targets' | 'redact'>, model: string): string {
  if (targets.has(model) || ROUTED.has(model)) return model
  if (model.length <= LONGEST_MODEL_NAME) return redact(model)
  // The first cut may leave an unrecognisable piece of a secret at the end, so the end is dropped after
  // redaction.
  return redact(model.slice(0, 2 * LONGEST_MODEL_NAME)).slice(0, -LONGEST_MODEL_NAME)
}
