/** An image in a prompt. A size that is not known counts as the largest the model takes. */
export interface ImageAsk {
  readonly detail: 'low' | 'high'
  readonly width?: number
  readonly height?: number
}

/** How large a prompt is, as far as bounds and limits need to know. */
export interface PromptSize {
  /** UTF-8 bytes of everything billed as text: messages, tools, schemas. No BPE makes more tokens than bytes. */
  readonly textBytes: number
  readonly messages: number
  readonly images: readonly ImageAsk[]
  /** Holds parts whose tokens no formula bounds (audio, files): only the model's context does. */
  readonly unbounded: boolean
  /** How often the model may read all of it: again after each call of a tool that runs upstream. Once where absent. */
  readonly readings?: number
  /** Tokens of earlier turns that lie upstream and are read once more. */
  readonly priorTokens?: number
}
