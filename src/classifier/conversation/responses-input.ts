import type { ContentPart, Message } from '../../base/message.ts'

/**
 * Converts the `input` of a Responses request to chat messages. It is a string, or a list of messages with
 * text or parts, calls and their results, reasoning and references. Only messages have text; other items keep
 * their position as tool or model turns. Any other input yields no messages.
 */
export function messagesOfInput(input: unknown): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  if (!Array.isArray(input)) return []
  return input.map(messageOf)
}

function messageOf(item: unknown): Message {
  if (typeof item === 'string') return { role: 'user', content: item }
  const { type = 'message', role, content } = fieldsOf(item)
  if (type !== 'message' || typeof role !== 'string') return { role: 'tool', content: null }
  return { role, content: typeof content === 'string' ? content : partsOf(content) }
}

function partsOf(content: unknown): readonly ContentPart[] {
  if (!Array.isArray(content)) return []
  return content.map((part) => {
    const { type, text } = fieldsOf(part)
    return { type: typeof type === 'string' ? type : '', text }
  })
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
