import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { Runtime } from './runtime.ts'

/** No model has a longer name. UTF-16 units. */
const MOST_NAMED = 256

const ROADS: ReadonlySet<string> = new Set(['auto', ...PROMPT_CLASSES.map((name) => `trivium/${name}`)])

/**
 * A model's name as it may be written down. Clients may send anything as `model`, a key by mistake: what the configuration
 * does not know goes without its secrets, and of what is too long to be a name the beginning stands.
 */
export function namedModel({ targets, redact }: Pick<Runtime, 'targets' | 'redact'>, model: string): string {
  if (targets.has(model) || ROADS.has(model)) return model
  if (model.length <= MOST_NAMED) return redact(model)
  // What a cut may have left of a secret goes as well.
  return redact(model.slice(0, 2 * MOST_NAMED)).slice(0, -MOST_NAMED)
}
