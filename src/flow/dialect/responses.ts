import type { Message } from '../../base/message.ts'
import type { Target } from '../../base/target.ts'
import { messagesOfInput } from '../../classifier/conversation/responses-input.ts'
import { inputBound } from '../../pricing/bound.ts'
import type { Adapted } from '../../routing/adapt.ts'
import { adaptResponse, LEAST_CAP } from '../../routing/responses-adapt.ts'
import { needsOfResponse, type ResponsesNeeds } from '../../routing/responses-needs.ts'
import { type ResponsesRequest, readResponsesRequest } from '../../routing/responses-request.ts'
import type { State } from '../../routing/responses-state.ts'
import { modelsOfTools, type ToolModel } from '../../routing/tool-models.ts'
import { ResponseFrames } from '../../upstream/frames/response-frames.ts'
import { responseIds } from '../../upstream/response-ids.ts'
import type { Dialect, PromptText, RoutedRequest, Terms } from './dialect.ts'
import { answerText, streamText } from './responses-answer.ts'

/** `POST /v1/responses`. */
export const responsesDialect: Dialect = {
  endpoint: 'responses',
  path: '/responses',
  leastCap: LEAST_CAP,
  read: (body) => new RoutedResponse(body),
  frames: () => new ResponseFrames(),
  answerText,
  streamText,
  idsIn: responseIds,
}

/** A stored prompt may name its own model; a request that names none is routed. */
const UNNAMED = 'auto'

/** Every field may be absent, but edits need a member to insert beside. */
const NOTHING_SAID = Buffer.from('{"model":null}')

function isEmpty(body: Buffer): boolean {
  return body.length < 64 && /^\s*\{\s*\}\s*$/.test(body.toString())
}

/** A request to `POST /v1/responses`. */
export class RoutedResponse implements RoutedRequest {
  readonly #request: ResponsesRequest
  readonly #needs: ResponsesNeeds
  protected readonly body: Buffer

  constructor(body: Buffer) {
    this.#request = readResponsesRequest(body)
    this.body = isEmpty(body) ? NOTHING_SAID : body
    this.#needs = needsOfResponse(this.#request, this.body.length)
  }

  get needs(): ResponsesNeeds {
    return this.#needs
  }

  get model(): string {
    return this.#request.model ?? UNNAMED
  }

  get messages(): readonly Message[] {
    return messagesOfInput(this.#request.input)
  }

  get state(): State | undefined {
    return this.needs.state
  }

  toolModels(): readonly ToolModel[] {
    return modelsOfTools(this.#request, this.body)
  }

  adapt(terms: Terms): Adapted {
    return adaptResponse({ ...terms, request: this.#request, needs: this.needs, body: this.body })
  }

  /**
   * Counted as the text of the whole body, a slight overestimate. Input bounded only by the context counts as
   * one context: how often the model will read it is unknown.
   */
  promptText(target: Target): PromptText {
    const { size } = this.needs
    const besides = inputBound({ ...size, textBytes: 0, readings: 1 }, target)
    return { text: withoutData(this.body.toString('utf8')), besides }
  }
}

const DATA_URL = /"data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=]*"/g

function withoutData(text: string): string {
  return text.replace(DATA_URL, '')
}
