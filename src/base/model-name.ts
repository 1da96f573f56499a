import { PROMPT_CLASSES } from './prompt-class.ts'

/** A model's name is written to the ledger, even for a refused request. UTF-16 units. */
export const LONGEST_MODEL_NAME = 256

/** Names that ask for routing instead of a model. */
export const ROUTING_NAMES: readonly string[] = ['auto', ...PROMPT_CLASSES.map((name) => `trivium/${name}`)]
