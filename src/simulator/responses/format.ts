import type { Format } from '../format.ts'
import { refusal } from '../model-rules.ts'
import type { WireError } from '../wire-error.ts'
import { responseOf } from './answer.ts'
import { errorEvent, events } from './events.ts'
import { readResponsesRequest, turnsIn } from './request.ts'
import type { ResponseStore } from './store.ts'

/** `POST /v1/responses`. Answers are stored for requests that continue from them. */
export function responsesFormat(store: ResponseStore): Format {
  return {
    errorFrame: errorEvent(),
    refusal,
    read(body) {
      const read = readResponsesRequest(body, store)
      if ('error' in read) return read
      const { asked, chat } = read
      return {
        request: chat,
        inOwnWords,
        answer(completion, random) {
          const response = responseOf(completion, asked, random)
          const said = { role: 'assistant', content: completion.choices[0]?.pieces.join('') ?? '' }
          const earlier = (asked.previous_response_id && store.turnsOf(asked.previous_response_id)) || []
          const input = turnsIn(asked)
          if (asked.store !== false)
            store.keep(response.id, { response, input, turns: [...earlier, ...input, said] })
          for (const { id, encrypted_content: sealed } of response.output) {
            if (typeof sealed === 'string') store.seal(sealed, chat.model)
            if (asked.store !== false) store.keepItem(id)
          }
          const shown = asked.background
            ? { ...response, status: 'queued', output: [], usage: null }
            : response
          return {
            body: () => `${JSON.stringify(shown, null, 2)}\n`,
            frames: () => events(response, completion),
          }
        },
      }
    },
  }
}

const OWN_NAMES: Readonly<Record<string, string>> = {
  max_completion_tokens: 'max_output_tokens',
  reasoning_effort: 'reasoning.effort',
  response_format: 'text.format',
  verbosity: 'text.verbosity',
}

function inOwnWords(error: WireError): WireError {
  const { param } = error
  if (param === null) return error
  const own = OWN_NAMES[param] ?? param.replace(/^messages\.?/, 'input')
  return { ...error, param: own, message: error.message.replaceAll(`'${param}'`, `'${own}'`) }
}
