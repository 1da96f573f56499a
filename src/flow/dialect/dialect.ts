import type { Message } from '../../base/message.ts'
import type { Target } from '../../base/target.ts'
import type { Adaptation, Adapted } from '../../routing/adapt.ts'
import type { Needs } from '../../routing/needs.ts'
import type { State } from '../../routing/responses-state.ts'
import type { ToolModel } from '../../routing/tool-models.ts'
import type { AnswerFrames } from '../../upstream/frames/answer-frames.ts'

/** The wire format of a routed endpoint. Everything else in a request's life is the same for both. */
export interface Dialect {
  readonly endpoint: 'chat' | 'responses'
  /** Relative to the upstream's base URL. */
  readonly path: string
  /**
   * The smallest output cap it can state, in tokens. Undefined where it states neither a cap nor a tier: an
   * answer may then be as long as the model's can be, at any tier's price.
   */
  readonly leastCap: number | undefined
  /** Parses the fields this program reads. Throws `invalid_json`, `invalid_request`. */
  read(body: Buffer): RoutedRequest
  /** A reader for the frames of a streamed answer. */
  frames(needs: Needs): AnswerFrames
  /** Everything the model wrote, in a JSON answer or in some frames of a stream, whatever came before them. */
  answerText(answer: string): string
  /** A reader for all frames of one stream in order: what each wrote beyond what those before it did. */
  streamText(): (frames: string) => string
  /** The ids under which the upstream knows an answer and the state it left, the answer's own first. */
  idsIn(answer: Buffer, needs: Needs): readonly string[]
}

/** A request for an answer, in either dialect. */
export interface RoutedRequest {
  /** The name the client asked for. */
  readonly model: string
  /** The conversation so far, for the classifier. */
  readonly messages: readonly Message[]
  readonly needs: Needs
  /** The upstream state it depends on; undefined for a request any model can take. */
  readonly state: State | undefined
  /** Models named by its tools. Throws `invalid_request` if a tool could be read in two ways. */
  toolModels(): readonly ToolModel[]
  /** The body adapted to its target. */
  adapt(terms: Terms): Adapted
  /** What to count its prompt's tokens from. */
  promptText(target: Target): PromptText
}

/** What adapting a request depends on besides the request itself. */
export type Terms = Pick<Adaptation, 'target' | 'outputCap' | 'stateCap' | 'asAsked'>

/** What a prompt's tokens are counted from: a text to tokenize, and `besides`, tokens to add to it. */
export interface PromptText {
  readonly text: string
  readonly besides: number
}
