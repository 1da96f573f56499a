/**
 * What each client program does, in this order, as people's own programs do it. A program leaves out what its client
 * cannot do.
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

/** What a step throws is why it failed; what it resolves to is compared between the direct run and the others. */
export type Program = { readonly [S in Step]?: () => Promise<unknown> }

/** What became of one step: a line of JSON on the program's standard output, whatever language it is written in. */
export interface Outcome {
  readonly step: Step
  /** Why it failed; null for a step that passed. */
  readonly failure: string | null
  /** What the program saw of the answer, without the words in it. */
  readonly saw: unknown
}
