import type { Target } from '../../base/target.ts'
import { type Adapted, adapt } from '../../routing/adapt.ts'
import { type ChatRequest, readChatRequest } from '../../routing/chat-request.ts'
import { type ChatNeeds, needsOf } from '../../routing/needs.ts'
import { ChatFrames } from '../../upstream/frames/chat-frames.ts'
import { responseIds } from '../../upstream/response-ids.ts'
import { answerText } from './chat-answer.ts'
import { promptText } from './chat-prompt.ts'
import type { Dialect, PromptText, RoutedRequest, Terms } from './dialect.ts'

/** `POST /v1/chat/completions`. */
export const chatDialect: Dialect = {
  endpoint: 'chat',
  path: '/chat/completions',
  leastCap: 1,
  read: (body) => new RoutedChat(body),
  frames: ({ choices, isKept }) => new ChatFrames(choices, isKept),
  answerText,
  // No frame of a chat repeats another.
  streamText: () => answerText,
  idsIn: (answer, { isKept }) => (isKept === true ? responseIds(answer) : NONE),
}

/** A chat leaves no state upstream unless the client asks to store it. */
const NONE: readonly never[] = []

class RoutedChat implements RoutedRequest {
  readonly needs: ChatNeeds
  /** A chat carries all of its turns. */
  readonly state = undefined
  readonly #request: ChatRequest
  readonly #body: Buffer

  constructor(body: Buffer) {
    this.#request = readChatRequest(body)
    this.#body = body
    this.needs = needsOf(this.#request, body.length)
  }

  get model(): string {
    return this.#request.model
  }

  get messages() {
    return this.#request.messages
  }

  /** A chat's tools run on the client, so they name no models. */
  toolModels() {
    return NONE
  }

  adapt(terms: Terms): Adapted {
    return adapt({
      ...terms,
      request: this.#request,
      needs: this.needs,
      body: this.#body,
      askForUsage: true,
    })
  }

  promptText(target: Target): PromptText {
    return promptText(this.#request, this.#body, this.needs, target)
  }
}
