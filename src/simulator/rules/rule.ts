import type { ChatRequest } from '../chat-request.ts'
import type { SimulatedModel } from '../models.ts'
import { invalid, type WireError } from '../wire-error.ts'

/** One thing a model rejects about a request, word for word where the message is recorded. */
export type Rule = (request: ChatRequest, model: SimulatedModel) => WireError | undefined

/** A key's value; the vendor treats null as absent. */
export function given(request: ChatRequest, name: string): unknown {
  return request[name] ?? undefined
}

/** Rejects messages of a role. */
export function noRole(role: string): Rule {
  return (request) => {
    const at = request.messages.findIndex((message) => message.role === role)
    if (at < 0) return undefined
    const param = `messages[${at}].role`
    return invalid(
      `Unsupported value: '${param}' does not support '${role}' with this model.`,
      param,
      'unsupported_value',
    )
  }
}

/** Rejects tools, in their present or their older form. */
export function noTools(name: 'tools' | 'functions'): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(
          `${name} is not supported in this model. For a list of supported models, refer to https://platform.openai.com/docs/guides/function-calling#models-supporting-function-calling.`,
          null,
          null,
        )
}

/** Rejects tools whose input is free text. The message is our own wording. */
export function noCustomTools(request: ChatRequest): WireError | undefined {
  const at = request.tools?.findIndex(({ type }) => type === 'custom') ?? -1
  if (at < 0) return undefined
  return invalid(
    `Invalid value: 'custom'. Supported values are: 'function'.`,
    `tools[${at}].type`,
    'invalid_value',
  )
}

/** Rejects a parameter that other models accept. */
export function noParameter(name: string): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(
          `Unsupported parameter: '${name}' is not supported with this model.`,
          name,
          'unsupported_parameter',
        )
}

/** Rejects the older of the two fields that cap an answer. */
export function noMaxTokens(request: ChatRequest): WireError | undefined {
  if (given(request, 'max_tokens') === undefined) return undefined
  return invalid(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'max_tokens',
    'unsupported_parameter',
  )
}

/** Allows only the value that would apply anyway. */
export function onlyDefault(name: string, standard: number): Rule {
  return (request) => {
    const value = given(request, name)
    if (value === undefined || value === standard) return undefined
    return invalid(
      `Unsupported value: '${name}' does not support ${JSON.stringify(value)} with this model. Only the default (${standard}) value is supported.`,
      name,
      'unsupported_value',
    )
  }
}

/** Allows only these values, listed as the vendor does: 'low', 'medium', and 'high'. */
export function onlyWords(name: string, words: readonly string[]): Rule {
  return (request) => {
    const value = given(request, name)
    if (value === undefined || words.some((word) => word === value)) return undefined
    const quoted = words.map((word) => `'${word}'`)
    const last = quoted.pop()
    const list = quoted.length === 0 ? last : `${quoted.join(', ')}, and ${last}`
    return invalid(
      `Unsupported value: '${name}' does not support ${JSON.stringify(value).replaceAll('"', "'")} with this model. Supported values are: ${list}.`,
      name,
      'unsupported_value',
    )
  }
}

/** Rejects a parameter as if no model had it. */
export function unrecognized(name: string): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(`Unrecognized request argument supplied: ${name}`, null, null)
}

/** Rejects a field of message parts or of tools. The message is our own wording. */
export function noneWithin(name: string): Rule {
  return ({ messages, tools }) => {
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
    const isSaid = [...messages, ...parts, ...(tools ?? [])].some((part) => (part[name] ?? null) !== null)
    return isSaid ? invalid(`Unrecognized request argument supplied: ${name}`, null, null) : undefined
  }
}

/** Rejects these types of `response_format`. */
export function noFormat(...types: readonly string[]): Rule {
  return (request) => {
    const type = request.response_format?.type
    if (type === undefined || !types.includes(type)) return undefined
    return invalid(
      `Invalid parameter: 'response_format' of type '${type}' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs`,
      'response_format',
      null,
    )
  }
}

/** Rejects message parts of these types. */
export function noContent(...types: readonly string[]): Rule {
  return (request) => {
    for (const [at, { content }] of request.messages.entries()) {
      if (!Array.isArray(content)) continue
      const part = content.findIndex(({ type }) => types.includes(type))
      const type = content[part]?.type
      if (type === undefined) continue
      return invalid(
        `Invalid content type. ${type} is only supported by certain models.`,
        `messages.[${at}].content.[${part}].type`,
        null,
      )
    }
    return undefined
  }
}

/** Rejects audio output. The message is our own wording. */
export function noSpeech(request: ChatRequest): WireError | undefined {
  const modalities = given(request, 'modalities')
  if (!Array.isArray(modalities) || !modalities.includes('audio')) return undefined
  return invalid('This model does not answer in audio.', 'modalities', 'unsupported_value')
}

/** Applies a rule to some models only. */
export function ofModels(meant: (model: SimulatedModel) => boolean, rule: Rule): Rule {
  return (request, model) => (meant(model) ? rule(request, model) : undefined)
}

/** Applies a rule only to requests that the model will reason about. */
export function whileReasoning(rule: Rule): Rule {
  return (request, model) => (isReasoning(request, model) ? rule(request, model) : undefined)
}

/** Whether the model will reason: unless told not to, or left to a default of not reasoning. */
export function isReasoning(request: ChatRequest, { usualEffort }: SimulatedModel): boolean {
  return (given(request, 'reasoning_effort') ?? usualEffort) !== 'none'
}
