import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'

/** What a scenario must produce for the demo to succeed. */
export interface Expected {
  /** The model that must answer. */
  readonly model?: string
  /** Any model may answer but this one. */
  readonly notModel?: string
  readonly cause?: string
  /** The body was adapted to the model's rules. */
  readonly adapted?: true
}

/**
 * One request of the demo. Unless it says otherwise, it is sent as existing code would send it: to `gpt-4o`.
 */
export interface Scenario {
  readonly group: string
  readonly prompt: string
  readonly stream?: true
  /** Shown before the prompt: what is special about this request. */
  readonly mark?: string
  /** Turns before the prompt. */
  readonly before?: ChatCompletionCreateParamsNonStreaming['messages']
  readonly picture?: string
  readonly more?: Partial<ChatCompletionCreateParamsNonStreaming>
  readonly expected?: Expected
}

/** A red square of 64 by 64 pixels. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsIty/dMYyQi+hcEKLNO+FgEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQGBywI6LQEAwyG+sAAAAABJRU5ErkJggg=='

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Temperature and wind of a city.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city'],
    },
  },
} as const

const STEPS = {
  type: 'json_schema',
  json_schema: {
    name: 'solution',
    schema: {
      type: 'object',
      properties: { steps: { type: 'array', items: { type: 'string' } }, x: { type: 'integer' } },
    },
  },
} as const

const PROOF = 'Prove that √2 is irrational.'
const NO_TOOLS: Expected = { notModel: 'o1-mini' }

export const SCENARIOS: readonly Scenario[] = [
  { group: 'English', prompt: PROOF, stream: true },
  { group: 'English', prompt: 'What’s the capital of Australia?' },
  { group: 'English', prompt: 'Write a poem about a harbour.', stream: true },
  { group: 'English', prompt: 'Why is quicksort O(n²) at worst?' },
  { group: 'Français', prompt: 'Calcule l’intégrale de x·eˣ.' },
  { group: 'Français', prompt: 'Qui a peint La Joconde ?', stream: true },
  { group: 'Français', prompt: 'Écris un poème sur un port.' },
  { group: '中文', prompt: '鸡兔35头94足，鸡兔各几只？', stream: true },
  { group: '中文', prompt: '中国的首都是哪座城市？' },
  { group: '中文', prompt: '请润色这封新年邮件。', stream: true },
  {
    group: 'What o1-mini cannot handle goes elsewhere; what can be adapted is adapted',
    prompt: 'Convert Lyon’s weather to K',
    mark: 'tool',
    more: { tools: [WEATHER] },
    expected: NO_TOOLS,
  },
  {
    group: 'What o1-mini cannot handle goes elsewhere; what can be adapted is adapted',
    prompt: 'Calculate the area in m².',
    mark: 'image',
    picture: PICTURE,
    expected: NO_TOOLS,
  },
  {
    group: 'What o1-mini cannot handle goes elsewhere; what can be adapted is adapted',
    prompt: 'Solve 3x + 5 = 20.',
    mark: 'json',
    more: { response_format: STEPS },
    expected: NO_TOOLS,
  },
  {
    group: 'What o1-mini cannot handle goes elsewhere; what can be adapted is adapted',
    prompt: 'Solve x² − 5x + 6 = 0.',
    mark: 'system',
    before: [{ role: 'system', content: 'You are a patient tutor.' }],
    more: { max_tokens: 800, temperature: 0.2 },
    expected: { model: 'o1-mini', adapted: true },
  },
  {
    group: 'A follow-up stays with its model; a client may still choose',
    prompt: 'continue',
    mark: 'turn 2',
    before: [
      { role: 'user', content: PROOF },
      { role: 'assistant', content: 'Suppose √2 = p/q in lowest terms. Then p² = 2q², so p is even.' },
    ],
    expected: { model: 'o1-mini', cause: 'inherited' },
  },
  {
    group: 'A follow-up stays with its model; a client may still choose',
    prompt: 'Capital of France?',
    mark: 'pin',
    more: { model: 'trivium/pin:gpt-4o' },
    expected: { model: 'gpt-4o', cause: 'pinned' },
  },
  {
    group: 'A follow-up stays with its model; a client may still choose',
    prompt: 'Who wrote Middlemarch?',
    mark: 'class',
    more: { model: 'trivium/language_heavy' },
    expected: { model: 'gpt-4o', cause: 'forced' },
  },
]

/** What the team with the small budget asks, one after another, until it is refused. */
export const POCKET_PROMPTS: readonly string[] = [
  'Solve y′ = 2y with y(0) = 3.',
  'Prove 1 + 2 + … + n = n(n+1)/2.',
  'Differentiate x³·sin(x).',
  'Invert the matrix [[4,7],[2,6]].',
  'Prove that primes never end.',
  'Integrate x²·ln(x).',
  'Solve 2x² + 3x − 5 = 0.',
  'Prove that e is irrational.',
]
