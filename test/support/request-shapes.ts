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
  fields('a single question'),
  said('a system turn', { role: 'system', content: 'Be brief.' }, QUESTION),
  said('a developer turn', { role: 'developer', content: 'Be brief.' }, QUESTION),
  said(
    'system, developer and assistant turns',
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
  fields('tools, one of them required', {
    tools: [TOOL],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
  }),
  fields('tools, parallel calls allowed', { tools: [TOOL], parallel_tool_calls: true }),
  fields('tools, parallel calls forbidden', { tools: [TOOL], parallel_tool_calls: false }),
  fields('strict tools', { tools: [{ type: 'function', function: { ...FUNCTION, strict: true } }] }),
  fields('tools with effort', { tools: [TOOL], reasoning_effort: 'high' }),
  fields('tools without reasoning', { tools: [TOOL], reasoning_effort: 'none' }),
  fields('tool results', {
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
  fields('a tool choice without tools', { tool_choice: 'none', parallel_tool_calls: false }),
  fields('custom tools', { tools: [{ type: 'custom', custom: { name: 'shell' } }] }),
  fields('functions', { functions: [FUNCTION] }),
  fields('functions, one of them required', {
    functions: [FUNCTION],
    function_call: { name: 'get_weather' },
  }),
  fields('function results', {
    functions: [FUNCTION],
    messages: [
      QUESTION,
      { role: 'assistant', content: null, function_call: { name: 'get_weather', arguments: '{}' } },
      { role: 'function', name: 'get_weather', content: '7 °C' },
    ],
  }),
  fields('text as response format', { response_format: { type: 'text' } }),
  fields('a JSON object', { response_format: { type: 'json_object' } }),
  fields('a JSON schema', { response_format: schema(false) }),
  fields('a strict JSON schema', { response_format: schema(true) }),
  shown('an image as a data URL', image(PNG)),
  shown('an image by URL', image('https://example.org/a.png')),
  shown('an image at low detail', image(PNG, 'low')),
  shown('many images', ...Array.from({ length: 5 }, () => image(PNG, 'high'))),
  shown('audio input', { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }),
  fields('audio output', { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' } }),
  fields('text as the only modality', { modalities: ['text'] }),
  shown('a file', {
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
  }),
  fields('log probabilities', { logprobs: true }),
  fields('top log probabilities', { logprobs: true, top_logprobs: 2 }),
  fields('no log probabilities', { logprobs: false, top_logprobs: 0 }),
  fields('logit bias', { logit_bias: { 50256: -100 } }),
  fields('a stop sequence', { stop: 'END' }),
  fields('several stop sequences', { stop: ['END', 'STOP'] }),
  fields('stop set to null', { stop: null }),
  fields('two choices', { n: 2 }),
  fields('one choice', { n: 1 }),
  fields('temperature', { temperature: 0.2 }),
  fields('default temperature and top_p', { temperature: 1, top_p: 1 }),
  fields('top_p', { top_p: 0.5 }),
  fields('penalties', { presence_penalty: 0.5, frequency_penalty: -0.5 }),
  fields('temperature without reasoning', { temperature: 0.2, reasoning_effort: 'none' }),
  fields('log probabilities with effort', { logprobs: true, reasoning_effort: 'high' }),
  fields('log probabilities without reasoning', { logprobs: true, reasoning_effort: 'none' }),
  fields('a prediction', { prediction: { type: 'content', content: 'x' } }),
  fields('a prediction and a cap', { prediction: { type: 'content', content: 'x' }, max_tokens: 100 }),
  ...['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'utmost'].map((effort) =>
    fields(`effort ${effort}`, { reasoning_effort: effort }),
  ),
  ...['low', 'medium', 'high'].map((verbosity) => fields(`verbosity ${verbosity}`, { verbosity })),
  ...['auto', 'default', 'flex', 'priority'].map((tier) => fields(`tier ${tier}`, { service_tier: tier })),
  fields('web search', { web_search_options: {} }),
  fields('a small max_tokens', { max_tokens: 20 }),
  fields('a large max_tokens', { max_tokens: 900_000 }),
  fields('a small max_completion_tokens', { max_completion_tokens: 20 }),
  fields('a large max_completion_tokens', { max_completion_tokens: 900_000 }),
  fields('both caps', { max_tokens: 300, max_completion_tokens: 500 }),
  fields('both caps null', { max_tokens: null, max_completion_tokens: null }),
  fields('a seed and a user', { seed: 7, user: 'u' }),
  fields('a stored answer with metadata', { store: true, metadata: { topic: 'roots' } }),
  fields('an answer not to be stored', { store: false }),
  fields('a safety identifier', { safety_identifier: 'u' }),
  fields('a prompt cache key', { prompt_cache_key: 'k' }),
  fields('prompt cache retention', { prompt_cache_retention: '24h' }),
  fields('prompt cache options', { prompt_cache_options: { mode: 'explicit' } }),
  shown('a cache breakpoint in the prompt', { type: 'text', text: 'It is a duck.', ...MARK }),
  fields('a cache breakpoint on a tool', { tools: [{ ...TOOL, ...MARK }] }),
  fields('stream options without streaming', { stream_options: { include_usage: true } }),
  fields('everything in a minimal o1 request', {
    messages: [{ role: 'developer', content: 'Be brief.' }, QUESTION],
    max_completion_tokens: 500,
  }),
  fields('everything in a full chat request', {
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
