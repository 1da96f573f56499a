/** An image in a prompt. An unknown size counts as the largest the model takes. */
export interface ImageAsk {
  readonly detail: 'low' | 'high'
  readonly width?: number
  readonly height?: number
}

/** The size of a prompt, as far as bounds and limits need it. */
export interface PromptSize {
  /** UTF-8 bytes of everything billed as text: messages, tools, schemas. No BPE makes more tokens than bytes. */
  readonly textBytes: number
  readonly messages: number
  readonly images: readonly ImageAsk[]
  /** Has parts whose tokens no formula bounds (audio, files), only the model's context. */
  readonly unbounded: boolean
  /** How often the model may read all of it: again after each hosted tool call. 1 if absent. */
  readonly readings?: number
  /** Tokens of earlier turns stored upstream that are read again. */
  readonly priorTokens?: number
}
