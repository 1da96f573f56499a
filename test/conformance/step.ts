/**
 * The steps of each client program, in this order, as users' own programs would do them. A program leaves out
 * what its client cannot do.
 */
export const STEPS = [
  'chat',
  'stream',
  'tools',
  'streamed tools',
  'schema',
  'vision',
  'reasoning',
  'embeddings',
  'responses',
  'responses stream',
  'responses tools',
  'responses schema',
  'abort',
  'error',
] as const
export type Step = (typeof STEPS)[number]

/**
 * An error thrown by a step is why it failed. What it resolves to is compared between the direct run and the
 * others.
 */
export type Program = { readonly [S in Step]?: () => Promise<unknown> }

/** The outcome of one step: a line of JSON on the program's standard output, whatever its language. */
export interface Outcome {
  readonly step: Step
  /** Why it failed, or null if it passed. */
  readonly failure: string | null
  /** The shape of what the program saw of the answer. */
  readonly saw: unknown
}
