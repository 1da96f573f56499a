import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { binaryFile, type Calls } from '../call.ts'

const messages = [{ role: 'user' as const, content: 'What is the capital of Australia?' }]
const model = 'gpt-4o'

/** Every parameter there is, whether or not any model takes them all. */
const everything: Omit<ChatCompletionCreateParamsNonStreaming, 'model' | 'messages'> = {
  audio: { format: 'wav', voice: 'alloy' },
  frequency_penalty: -2,
  function_call: 'none',
  functions: [{ name: 'legacy', description: 'Older than tools', parameters: { type: 'object' } }],
  logit_bias: { 50256: -100 },
  logprobs: true,
  max_completion_tokens: 0,
  max_tokens: 0,
  metadata: { topic: 'cities' },
  modalities: ['text'],
  n: 1,
  parallel_tool_calls: true,
  prediction: { type: 'content', content: 'Canberra' },
  presence_penalty: -2,
  prompt_cache_key: 'cities',
  reasoning_effort: 'low',
  response_format: { type: 'text' },
  safety_identifier: 'somebody',
  seed: -9007199254740991,
  service_tier: 'auto',
  stop: '\n',
  store: true,
  stream: false,
  stream_options: { include_usage: true },
  temperature: 1,
  tool_choice: 'none',
  tools: [{ type: 'function', function: { name: 'modern', parameters: { type: 'object' }, strict: true } }],
  top_logprobs: 0,
  top_p: 1,
  user: 'user-1234',
  verbosity: 'low',
  web_search_options: { search_context_size: 'low' },
}

/** Calls of the language endpoints, and on what they store. */
export const LANGUAGE: Calls = {
  'chat.completions.create': (client) => client.chat.completions.create({ model, messages }),
  'chat.completions.create by a developer': (client) =>
    client.chat.completions.create({
      model,
      messages: [{ role: 'developer', content: 'Hello', name: 'ada' }],
    }),
  'chat.completions.create with everything': (client) =>
    client.chat.completions.create({ model, messages, ...everything }),
  'chat.completions.parse': (client) => client.chat.completions.parse({ model, messages }),
  'chat.completions.retrieve': (client) => client.chat.completions.retrieve('chatcmpl-1'),
  'chat.completions.update': (client) =>
    client.chat.completions.update('chatcmpl-1', { metadata: { topic: 'cities' } }),
  'chat.completions.list': (client) =>
    client.chat.completions.list({ model, limit: 3, order: 'desc', metadata: { 'a b': 'c&d=é' } }),
  'chat.completions.delete': (client) => client.chat.completions.delete('chatcmpl-1'),
  'chat.completions.messages.list': (client) =>
    client.chat.completions.messages.list('chatcmpl-1', { after: 'msg_1', limit: 2 }),
  'completions.create': (client) =>
    client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once', max_tokens: 16 }),
  'embeddings.create': (client) =>
    client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', '长城'] }),
  'embeddings.create float': (client) =>
    client.embeddings.create({
      model: 'text-embedding-3-large',
      input: 'one',
      encoding_format: 'float',
      dimensions: 8,
    }),
  'moderations.create': (client) => client.moderations.create({ input: 'I like trains.' }),
  'models.delete': (client) => client.models.delete('ft:gpt-4o-mini:acme:suffix:abc123'),
  'responses.create': (client) => client.responses.create({ model, input: 'Hello' }),
  'responses.create without anything': (client) => client.responses.create({}),
  'responses.create with everything': (client) =>
    client.responses.create({
      model,
      input: 'Hello',
      include: ['file_search_call.results'],
      instructions: 'Be brief.',
      max_output_tokens: 0,
      max_tool_calls: 0,
      metadata: { topic: 'cities' },
      parallel_tool_calls: true,
      previous_response_id: 'resp_of_somebody',
      prompt: { id: 'pmpt_1', variables: { city: 'Lyon' }, version: '2' },
      reasoning: { effort: 'low', summary: 'concise' },
      service_tier: 'auto',
      store: true,
      stream: false,
      temperature: 1,
      text: { format: { type: 'text' }, verbosity: 'low' },
      tool_choice: 'none',
      tools: [{ type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 0 }],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'auto',
      user: 'user-1234',
    }),
  'responses.parse': (client) => client.responses.parse({ model, input: 'Hello' }),
  'responses.retrieve': (client) =>
    client.responses.retrieve('resp_1', {
      include: ['file_search_call.results', 'message.input_image.image_url'],
    }),
  'responses.delete': (client) => client.responses.delete('resp_1'),
  'responses.cancel': (client) => client.responses.cancel('resp_1'),
  'responses.compact': (client) => client.responses.compact({ model, input: 'Hello' }),
  'responses.compact with everything': (client) =>
    client.responses.compact({
      model: 'gpt-5.6-sol',
      input: 'Hello',
      instructions: 'Be brief.',
      previous_response_id: 'resp_of_somebody',
      prompt_cache_key: 'cities',
      prompt_cache_retention: 'in_memory',
    }),
  'responses.inputItems.list': (client) =>
    client.responses.inputItems.list('resp_1', { limit: 5, order: 'asc' }),
  'responses.inputTokens.count': (client) => client.responses.inputTokens.count({ model, input: 'Hello' }),
  'conversations.create': (client) => client.conversations.create({ metadata: { topic: 'cities' } }),
  'conversations.create empty': (client) => client.conversations.create(),
  'conversations.retrieve': (client) => client.conversations.retrieve('conv_1'),
  'conversations.update': (client) => client.conversations.update('conv_1', { metadata: {} }),
  'conversations.delete': (client) => client.conversations.delete('conv_1'),
  'conversations.items.create': (client) =>
    client.conversations.items.create('conv_1', { items: [{ role: 'user', content: 'Hello' }] }),
  'conversations.items.retrieve': (client) =>
    client.conversations.items.retrieve('msg_1', { conversation_id: 'conv_1' }),
  'conversations.items.list': (client) => client.conversations.items.list('conv_1', { limit: 1 }),
  'conversations.items.delete': (client) =>
    client.conversations.items.delete('msg_1', { conversation_id: 'conv_1' }),
  'images.generate': (client) => client.images.generate({ model: 'gpt-image-1', prompt: 'A harbour', n: 1 }),
  'images.edit': async (client) =>
    client.images.edit({
      model: 'gpt-image-1',
      prompt: 'Add a lamp',
      image: await binaryFile('a.png', 'image/png'),
    }),
  'images.createVariation': async (client) =>
    client.images.createVariation({ image: await binaryFile('a.png', 'image/png'), n: 2 }),
  'audio.speech.create': (client) =>
    client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello', response_format: 'mp3' }),
  'audio.transcriptions.create': async (client) =>
    client.audio.transcriptions.create({
      model: 'whisper-1',
      file: await binaryFile('été.wav', 'audio/wav'),
      timestamp_granularities: ['word', 'segment'],
      response_format: 'verbose_json',
    }),
  'audio.translations.create': async (client) =>
    client.audio.translations.create({ model: 'whisper-1', file: await binaryFile('a b.wav', 'audio/wav') }),
  'videos.create': async (client) =>
    client.videos.create({ prompt: 'Waves', input_reference: await binaryFile('a.png', 'image/png') }),
  'videos.retrieve': (client) => client.videos.retrieve('video_1'),
  'videos.list': (client) => client.videos.list({ limit: 2, order: 'asc' }),
  'videos.delete': (client) => client.videos.delete('video_1'),
  'videos.downloadContent': (client) => client.videos.downloadContent('video_1', { variant: 'thumbnail' }),
  'videos.remix': (client) => client.videos.remix('video_1', { prompt: 'At night' }),
}
