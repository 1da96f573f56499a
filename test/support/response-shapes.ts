import type { RequestShape } from './request-shapes.ts'

const QUESTION = 'Answer in JSON: what is the square root of 2?'
const FUNCTION = {
  type: 'function',
  name: 'get_weather',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
}
const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } }
const SCHEMA = { type: 'object', properties: {}, additionalProperties: false }
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQAY3Y2wAAAAAElFTkSuQmCC'

const fields = (name: string, given: RequestShape['fields'] = {}): RequestShape => ({ name, fields: given })

const input = (name: string, ...items: readonly object[]) => fields(name, { input: items })

const shown = (name: string, part: object) =>
  input(name, { role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, part] })

/** First turns of the Responses API, which may be sent to any model of a route. */
export const RESPONSE_SHAPES: readonly RequestShape[] = [
  fields('a question alone'),
  fields('instructions', { instructions: 'Be brief.' }),
  input(
    'turns of all roles',
    { role: 'system', content: 'Be brief.' },
    { role: 'developer', content: 'Be exact.' },
    {
      role: 'user',
      content: QUESTION,
    },
  ),
  fields('functions', { tools: [FUNCTION] }),
  fields('functions, one of them asked for', {
    tools: [FUNCTION],
    tool_choice: { type: 'function', name: 'get_weather' },
  }),
  fields('functions, calls in parallel forbidden', { tools: [FUNCTION], parallel_tool_calls: false }),
  fields('functions and effort', { tools: [FUNCTION], reasoning: { effort: 'high' } }),
  fields('the second round of functions', {
    tools: [FUNCTION],
    input: [
      { role: 'user', content: QUESTION },
      { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: '7 °C' },
    ],
  }),
  fields('an empty list of tools', { tools: [], tool_choice: 'auto' }),
  ...[true, false].map((parallel) =>
    fields(`calls in parallel without tools: ${parallel}`, { parallel_tool_calls: parallel }),
  ),
  fields('calls in parallel with an empty list of tools', { tools: [], parallel_tool_calls: true }),
  fields('empty instructions', { instructions: '' }),
  fields('nothing, said of everything', {
    instructions: null,
    reasoning: null,
    tools: null,
    temperature: null,
    top_p: null,
    top_logprobs: null,
    parallel_tool_calls: null,
    text: null,
    include: null,
    max_output_tokens: null,
    service_tier: null,
    metadata: null,
    previous_response_id: null,
    conversation: null,
    prompt: null,
    background: null,
    stream: null,
  }),
  fields('plain text as format', { text: { format: { type: 'text' } } }),
  fields('a JSON object', { text: { format: { type: 'json_object' } } }),
  fields('a JSON schema', { text: { format: { type: 'json_schema', name: 'root', schema: SCHEMA } } }),
  fields('few words', { text: { verbosity: 'low' } }),
  fields('few words as a JSON object', { text: { verbosity: 'low', format: { type: 'json_object' } } }),
  shown('an image', { type: 'input_image', image_url: PNG, detail: 'auto' }),
  shown('a file', { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' }),
  fields('temperature', { temperature: 0.2, top_p: 0.9 }),
  fields('temperature and no reasoning', { temperature: 0.2, reasoning: { effort: 'none' } }),
  fields('log probabilities', { top_logprobs: 2, include: ['message.output_text.logprobs'] }),
  fields('log probabilities and effort', { top_logprobs: 2, reasoning: { effort: 'high' } }),
  ...['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'utmost'].map((effort) =>
    fields(`effort ${effort}`, { reasoning: { effort } }),
  ),
  fields('effort and a summary of the thoughts', { reasoning: { effort: 'minimal', summary: 'auto' } }),
  fields('sealed thoughts', { include: ['reasoning.encrypted_content'], store: false }),
  ...['auto', 'default', 'flex', 'priority'].map((tier) => fields(`tier ${tier}`, { service_tier: tier })),
  fields('a small cap', { max_output_tokens: 20 }),
  fields('a large cap', { max_output_tokens: 900_000 }),
  fields('labels and names', { store: true, metadata: { a: 'b' }, user: 'u', safety_identifier: 'u' }),
  fields('a cache', { prompt_cache_key: 'k', prompt_cache_retention: '24h' }),
  fields('a cache of its own kind', { prompt_cache_options: { mode: 'explicit' } }),
  shown('a marked part of the prompt', { type: 'input_text', text: 'It is a duck.', ...MARK }),
  fields('a marked tool', { tools: [{ ...FUNCTION, ...MARK }] }),
]

/** The complete body of a shape. */
export function responseBodyOf(model: string, { fields }: RequestShape): Record<string, unknown> {
  return { model, input: QUESTION, ...fields }
}
