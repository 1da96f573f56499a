/**
 * What o1-mini's endpoint answers with 400, strictly and written independently of the program, to judge adapted
 * bodies. Where reports differ (on an explicit default value), the stricter one applies.
 */
export function o1MiniRefusals(body: Record<string, unknown>): string[] {
  const refused: string[] = []
  const unsupported = [
    ...['tools', 'tool_choice', 'functions', 'function_call', 'parallel_tool_calls', 'response_format'],
    ...['max_tokens', 'logprobs', 'top_logprobs', 'stop', 'reasoning_effort', 'prediction'],
    ...['modalities', 'audio', 'web_search_options'],
  ]
  for (const field of unsupported) if (field in body) refused.push(field)
  for (const field of ['temperature', 'top_p', 'n']) if ((body[field] ?? 1) !== 1) refused.push(field)
  for (const field of ['presence_penalty', 'frequency_penalty']) if (body[field] ?? 0) refused.push(field)
  if (body.stream !== true && 'stream_options' in body) refused.push('stream_options')
  const cap = body.max_completion_tokens ?? 1
  if (typeof cap !== 'number' || cap < 1 || cap > 65_536) refused.push('max_completion_tokens')
  const messages = Array.isArray(body.messages) ? body.messages : []
  for (const { role, content, tool_calls: calls } of messages) {
    if (role !== 'user' && role !== 'assistant') refused.push(`role ${role}`)
    if (calls !== undefined) refused.push('tool_calls')
    if (!Array.isArray(content)) continue
    for (const part of content) if (part.type !== 'text') refused.push(`part ${part.type}`)
  }
  return refused
}
