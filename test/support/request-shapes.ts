/** One feature a chat request may have: the fields that show it, in addition to a model and one question. */
export interface RequestShape {
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
}

const QUESTION = { role: 'user', content: 'Answer in JSON: what is the square root of 2?' }
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } }
const FUNCTION = { name: 'get_weather', parameters: PARAMETERS }
const TOOL = { type: 'function', function: FUNCTION }
const CALL = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } }
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQAY3Y2wAAAAAElFTkSuQmCC'

const fields = (name: string, given: RequestShape['fields'] = {}): RequestShape => ({ name, fields: given })

const said = (name: string, ...messages: readonly object[]) => fields(name, { messages })

const shown = (name: string, ...parts: readonly object[]) =>
  said(name, { role: 'user', content: [{ type: 'text', text: 'What is this?' }, ...parts] })

const image = (url: string, detail?: string) => ({
  type: 'image_url',
  image_url: detail === undefined ? { url } : { url, detail },
})

const schema = (strict: boolean) => ({
  type: 'json_schema',
  json_schema: {
    name: 'root',
    strict,
    schema: { type: 'object', properties: {}, additionalProperties: false },
  },
})

/** What every model test sends to each model. */
export const REQUEST_SHAPES: readonly RequestShape[] = [
  fields('a question alone'),
  said('a system turn', { role: 'system', content: 'Be brief.' }, QUESTION),
  said('a developer turn', { role: 'developer', content: 'Be brief.' }, QUESTION),
  said(
    'system, developer and answered turns',
    { role: 'system', content: 'Be brief.' },
    QUESTION,
    { role: 'assistant', content: '1.414' },
    { role: 'developer', content: 'Be exact.' },
    { ...QUESTION, name: 'ada' },
  ),
  said(
    'a refusal in the history',
    QUESTION,
    {
      role: 'assistant',
      content: [{ type: 'refusal', refusal: 'No.' }],
    },
    QUESTION,
  ),
  fields('tools', { tools: [TOOL] }),
  fields('tools, one of them asked for', {
    tools: [TOOL],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
  }),
  fields('tools, calls in parallel allowed', { tools: [TOOL], parallel_tool_calls: true }),
  fields('tools, calls in parallel forbidden', { tools: [TOOL], parallel_tool_calls: false }),
  fields('tools that are strict', { tools: [{ type: 'function', function: { ...FUNCTION, strict: true } }] }),
  fields('tools and effort', { tools: [TOOL], reasoning_effort: 'high' }),
  fields('tools and no reasoning', { tools: [TOOL], reasoning_effort: 'none' }),
  fields('the second round of tools', {
    tools: [TOOL],
    messages: [
      QUESTION,
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'call_1', content: '7 °C' },
    ],
  }),
  said(
    'tools in the history only',
    QUESTION,
    { role: 'assistant', content: null, tool_calls: [CALL] },
    { role: 'tool', tool_call_id: 'call_1', content: '7 °C' },
    QUESTION,
  ),
  fields('an empty list of tools', { tools: [], tool_choice: 'auto' }),
  fields('a choice without tools', { tool_choice: 'none', parallel_tool_calls: false }),
  fields('custom tools', { tools: [{ type: 'custom', custom: { name: 'shell' } }] }),
  fields('functions', { functions: [FUNCTION] }),
  fields('functions, one of them asked for', {
    functions: [FUNCTION],
    function_call: { name: 'get_weather' },
  }),
  fields('the second round of functions', {
    functions: [FUNCTION],
    messages: [
      QUESTION,
      { role: 'assistant', content: null, function_call: { name: 'get_weather', arguments: '{}' } },
      { role: 'function', name: 'get_weather', content: '7 °C' },
    ],
  }),
  fields('plain text as format', { response_format: { type: 'text' } }),
  fields('a JSON object', { response_format: { type: 'json_object' } }),
  fields('a JSON schema', { response_format: schema(false) }),
  fields('a strict JSON schema', { response_format: schema(true) }),
  shown('an image as data', image(PNG)),
  shown('an image by its address', image('https://example.org/a.png')),
  shown('an image at low detail', image(PNG, 'low')),
  shown('many images', ...Array.from({ length: 5 }, () => image(PNG, 'high'))),
  shown('sound', { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }),
  fields('a spoken answer', { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' } }),
  fields('text as the one modality', { modalities: ['text'] }),
  shown('a file', {
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
  }),
  fields('log probabilities', { logprobs: true }),
  fields('log probabilities of others', { logprobs: true, top_logprobs: 2 }),
  fields('no log probabilities', { logprobs: false, top_logprobs: 0 }),
  fields('a bias', { logit_bias: { 50256: -100 } }),
  fields('a stop word', { stop: 'END' }),
  fields('stop words', { stop: ['END', 'STOP'] }),
  fields('no stop word', { stop: null }),
  fields('two choices', { n: 2 }),
  fields('one choice', { n: 1 }),
  fields('temperature', { temperature: 0.2 }),
  fields('the default temperature', { temperature: 1, top_p: 1 }),
  fields('top_p', { top_p: 0.5 }),
  fields('penalties', { presence_penalty: 0.5, frequency_penalty: -0.5 }),
  fields('temperature and no reasoning', { temperature: 0.2, reasoning_effort: 'none' }),
  fields('log probabilities and effort', { logprobs: true, reasoning_effort: 'high' }),
  fields('log probabilities and no reasoning', { logprobs: true, reasoning_effort: 'none' }),
  fields('a prediction', { prediction: { type: 'content', content: 'x' } }),
  fields('a prediction and a cap', { prediction: { type: 'content', content: 'x' }, max_tokens: 100 }),
  ...['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'utmost'].map((effort) =>
    fields(`effort ${effort}`, { reasoning_effort: effort }),
  ),
  ...['low', 'medium', 'high'].map((verbosity) => fields(`verbosity ${verbosity}`, { verbosity })),
  ...['auto', 'default', 'flex', 'priority'].map((tier) => fields(`tier ${tier}`, { service_tier: tier })),
  fields('a search of the web', { web_search_options: {} }),
  fields('a small max_tokens', { max_tokens: 20 }),
  fields('a large max_tokens', { max_tokens: 900_000 }),
  fields('a small max_completion_tokens', { max_completion_tokens: 20 }),
  fields('a large max_completion_tokens', { max_completion_tokens: 900_000 }),
  fields('both caps', { max_tokens: 300, max_completion_tokens: 500 }),
  fields('neither cap, said', { max_tokens: null, max_completion_tokens: null }),
  fields('a seed and a user', { seed: 7, user: 'u' }),
  fields('a stored answer with labels', { store: true, metadata: { topic: 'roots' } }),
  fields('an answer not to be stored', { store: false }),
  fields('who is asking, for safety', { safety_identifier: 'u' }),
  fields('a cache key', { prompt_cache_key: 'k' }),
  fields('a cache that lasts', { prompt_cache_retention: '24h' }),
  fields('cache options', { prompt_cache_options: { mode: 'explicit' } }),
  shown('a marked part of the prompt', { type: 'text', text: 'It is a duck.', ...MARK }),
  fields('a marked tool', { tools: [{ ...TOOL, ...MARK }] }),
  fields('options of a stream that is none', { stream_options: { include_usage: true } }),
  fields('everything a stripped request for o1 has', {
    messages: [{ role: 'developer', content: 'Be brief.' }, QUESTION],
    max_completion_tokens: 500,
  }),
  fields('everything a full request for a chat model has', {
    messages: [{ role: 'system', content: 'Be brief.' }, QUESTION],
    max_tokens: 500,
    temperature: 0.2,
    top_p: 0.9,
    presence_penalty: 0,
    frequency_penalty: 0,
    n: 1,
    stop: null,
    user: 'u',
    seed: 7,
  }),
  said('a long prompt', { role: 'user', content: 'word '.repeat(118_000) }),
  said('a very long prompt', { role: 'user', content: 'word '.repeat(180_000) }),
]

/** The complete body of a shape. */
export function bodyOf(model: string, { fields }: RequestShape): Record<string, unknown> {
  return { model, messages: [QUESTION], ...fields }
}
