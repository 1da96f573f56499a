import type { Message } from '../../base/message.ts'
import type { Target } from '../../base/target.ts'
import type { Adaptation, Adapted } from '../../routing/adapt.ts'
import type { Needs } from '../../routing/needs.ts'
import type { State } from '../../routing/responses-state.ts'
import type { ToolModel } from '../../routing/tool-models.ts'
import type { AnswerFrames } from '../../upstream/frames/answer-frames.ts'

/** How one of the routed endpoints is spoken. All of a request's life but this is the same for both. */
export interface Dialect {
  readonly endpoint: 'chat' | 'responses'
  /** Below an upstream's base URL. */
  readonly path: string
  /** Reads a body as far as this program needs to. Throws `invalid_json`, `invalid_request`. */
  read(body: Buffer): RoutedRequest
  /** Reads the frames of a stream that answers. */
  frames(needs: Needs): AnswerFrames
  /** Everything the model wrote, in a JSON answer or in the frames of a stream. */
  answerText(answer: string): string
  /** The ids by which a whole answer and what it left behind are known upstream, the answer's own first. */
  idsIn(answer: Buffer, needs: Needs): readonly string[]
}

/** A request for an answer, whichever dialect it is written in. */
export interface RoutedRequest {
  /** The name the client asked for. */
  readonly model: string
  /** What was said so far, for whoever reads what is asked. */
  readonly messages: readonly Message[]
  readonly needs: Needs
  /** What it leans on that lies upstream; undefined for a request that any model can take. */
  readonly state: State | undefined
  /** Models that its tools name; throws `invalid_request` where one could be read in two ways. */
  toolModels(): readonly ToolModel[]
  /** The body as its target takes it. */
  adapt(terms: Terms): Adapted
  /** What the tokens of its prompt are counted from. */
  promptText(target: Target): PromptText
}

/** What bending a request depends on beside the request itself. */
export type Terms = Pick<Adaptation, 'target' | 'outputCap' | 'stateCap' | 'asAsked'>

/** What a prompt's tokens are counted from: those of its text, and as many beside them. */
export interface PromptText {
  readonly text: string
  readonly besides: number
}
