import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { Runtime } from './runtime.ts'

/** Longer than any model's name. UTF-16 units. */
const MOST_NAMED = 256

const ROADS: ReadonlySet<string> = new Set(['auto', ...PROMPT_CLASSES.map((name) => `trivium/${name}`)])

/**
 * A model's name, safe to write down. Clients may send anything as `model`, even an API key by mistake: names
 * the configuration does not know are redacted, and names that are too long are truncated.
 */
export function namedModel({ targets, redact }: Pick<Runtime, 'targets' | 'redact'>, model: string): string {
  if (targets.has(model) || ROADS.has(model)) return model
  if (model.length <= MOST_NAMED) return redact(model)
  // The first cut may leave an unrecognisable piece of a secret at the end, so the end is dropped after
  // redaction.
  return redact(model.slice(0, 2 * MOST_NAMED)).slice(0, -MOST_NAMED)
}
