import type { Failure } from '../../base/failure.ts'
import type { Exchange } from '../exchange.ts'
import type { Endpoint } from '../team.ts'

/**
 * How what a request costs is known. `free`: its vendor bills nothing for it. `tokens`: by what its answer reports, at
 * the model's price. `unpriced`: it may cost something that nothing here can tell.
 */
export type Billing = 'free' | 'tokens' | 'unpriced'

/** What is forwarded as it is, and on which terms. */
export interface Operation {
  readonly endpoint: Endpoint
  readonly billing: Billing
  /** Whether the body is read for its model, and so held in memory; otherwise it streams through. */
  readonly reads: boolean
  /** Whether a model without a price is refused where a budget applies: text could always be given one. */
  readonly needsPrice: boolean
  /** It counts the tokens of a routed request, and is aimed like that one. */
  readonly counts: boolean
}

interface Family {
  readonly endpoint: Endpoint
  /** What a POST costs; nothing else is billed. */
  readonly billing: Billing
  readonly methods: readonly string[]
  readonly reads?: boolean
  readonly needsPrice?: boolean
  readonly counts?: boolean
}

const POST = ['POST']
const STORED = ['GET', 'HEAD', 'POST', 'DELETE']
const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Families of paths by their first segments, the longest that fits counts. What is not here is `other`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  'chat/completions': { endpoint: 'chat', billing: 'free', methods: STORED },
  responses: { endpoint: 'responses', billing: 'free', methods: STORED },
  'responses/input_tokens': {
    endpoint: 'responses',
    billing: 'free',
    methods: POST,
    reads: true,
    counts: true,
  },
  conversations: { endpoint: 'responses', billing: 'free', methods: STORED },
  embeddings: { endpoint: 'embeddings', billing: 'tokens', methods: POST, reads: true, needsPrice: true },
  completions: { endpoint: 'completions', billing: 'tokens', methods: POST, reads: true, needsPrice: true },
  moderations: { endpoint: 'moderations', billing: 'free', methods: POST, reads: true },
  images: { endpoint: 'images', billing: 'tokens', methods: POST, reads: true },
  audio: { endpoint: 'audio', billing: 'unpriced', methods: STORED },
  'audio/speech': { endpoint: 'audio', billing: 'tokens', methods: POST, reads: true },
  'audio/transcriptions': { endpoint: 'audio', billing: 'tokens', methods: POST, reads: true },
  'audio/translations': { endpoint: 'audio', billing: 'tokens', methods: POST, reads: true },
  files: { endpoint: 'files', billing: 'free', methods: STORED },
  uploads: { endpoint: 'uploads', billing: 'free', methods: STORED },
  batches: { endpoint: 'batches', billing: 'unpriced', methods: STORED },
  fine_tuning: { endpoint: 'fine_tuning', billing: 'unpriced', methods: STORED },
  models: { endpoint: 'fine_tuning', billing: 'free', methods: ['GET', 'HEAD', 'DELETE'] },
  vector_stores: { endpoint: 'vector_stores', billing: 'unpriced', methods: STORED },
  assistants: { endpoint: 'assistants', billing: 'unpriced', methods: STORED },
  threads: { endpoint: 'assistants', billing: 'unpriced', methods: STORED },
  evals: { endpoint: 'evals', billing: 'unpriced', methods: STORED },
  containers: { endpoint: 'containers', billing: 'unpriced', methods: STORED },
  skills: { endpoint: 'skills', billing: 'unpriced', methods: STORED },
  videos: { endpoint: 'videos', billing: 'unpriced', methods: STORED },
}

const OTHER: Family = { endpoint: 'other', billing: 'unpriced', methods: ALL }

/** Posts to these are the routed requests: under whatever spelling they came here, they are not forwarded as they are. */
const ROUTED = new Set(['chat/completions', 'responses', 'responses/compact'])

/** The models are listed here, from what is configured: under another spelling there is no such list. */
const LISTED = new Set(['GET', 'HEAD'])

/** Looking and deleting cost nothing; nor does calling off what costs. */
const SAFE = new Set(['GET', 'HEAD', 'DELETE'])

/** What a request is, by its method and its path, or why there is no such thing. */
export function operationOf(method: string, path: string): Operation | Failure {
  const segments = segmentsOf(path)
  if (segments === undefined) return MISLEADING
  if (method === 'POST' && ROUTED.has(segments.join('/'))) return { code: 'unknown_url', method, path }
  const family = familyOf(segments)
  if (segments[0] === 'models' && LISTED.has(method)) return { code: 'unknown_url', method, path }
  if (family === OTHER && method === 'POST' && isLookAlike(segments))
    return { code: 'unknown_url', method, path }
  if (!family.methods.includes(method)) {
    return { code: 'method_not_allowed', method, path, allow: family.methods }
  }
  const { endpoint, billing, reads = false, needsPrice = false, counts = false } = family
  if (SAFE.has(method) || segments.at(-1) === 'cancel')
    return { endpoint, billing: 'free', reads: false, needsPrice: false, counts: false }
  return { endpoint, billing, reads, needsPrice, counts }
}

/** What some upstream may take for an endpoint that is paid for, in another case, with a prefix or a parameter of the path. */
function isLookAlike(segments: readonly string[]): boolean {
  const plain = segments.map((segment) => segment.toLowerCase().replace(/;.*$/, '').trim())
  return plain.some((segment) => LOOK_ALIKES.has(segment))
}

const LOOK_ALIKES = new Set(['completions', 'responses', 'embeddings', 'compact'])

const MISLEADING = {
  code: 'invalid_request',
  detail: 'the path leads upwards, or is badly percent-encoded',
  param: null,
} as const

function find(name: string): Family | undefined {
  return Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined
}

/** The methods a path takes. */
export function methodsOf(path: string): readonly string[] {
  return familyOf(segmentsOf(path) ?? []).methods
}

function familyOf(segments: readonly string[]): Family {
  return find(segments.slice(0, 2).join('/')) ?? find(segments[0] ?? '') ?? OTHER
}

/** The file whose whole content a request asks for, by its path and method. */
export function fileReadBy({ method, path }: Pick<Exchange, 'method' | 'path'>): string | undefined {
  const [family, file, content, ...more] = segmentsOf(path) ?? []
  const isContent = method === 'GET' && family === 'files' && content === 'content' && more.length === 0
  return isContent ? file : undefined
}

/** Whether a request begins a conversation. */
export function beginsConversation({ method, path }: Pick<Exchange, 'method' | 'path'>): boolean {
  return method === 'POST' && segmentsOf(path)?.join('/') === 'conversations'
}

/** The response, the conversation or the stored chat a path names. */
export function answerNamedBy(path: string): string | undefined {
  const [family = '', second, third] = segmentsOf(path) ?? []
  if (family === 'chat') return second === 'completions' ? third : undefined
  return family === 'responses' || family === 'conversations' ? second : undefined
}

/** Whether a request lists the chats that are stored. */
export function listsChats({ method, path }: Pick<Exchange, 'method' | 'path'>): boolean {
  return method === 'GET' && segmentsOf(path)?.join('/') === 'chat/completions'
}

/**
 * A path's segments, escapes resolved and empty ones left out: however it is spelt, it is what its upstream will take
 * it for. Undefined where it climbs (`..`) or cannot be decoded: such a path might lead anywhere.
 */
function segmentsOf(path: string): readonly string[] | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const segments = decoded.split(/[/\\]/).filter((segment) => segment !== '')
  return segments.some((segment) => segment === '.' || segment === '..') ? undefined : segments
}
