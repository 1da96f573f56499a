import type { Endpoint } from '../../base/endpoint.ts'
import type { Failure } from '../../base/failure.ts'
import { plainSegmentsOf, segmentsOf } from './path.ts'

/**
 * How the cost of a request is known. `free`: the vendor bills nothing. `tokens`: from the usage in its
 * answer, at the model's price. `unpriced`: it may cost something we cannot determine.
 */
export type Billing = 'free' | 'tokens' | 'unpriced'

/** A forwarded operation and its terms. */
export interface Operation {
  readonly endpoint: Endpoint
  readonly billing: Billing
  /** Whether the body is read for its model, and so held in memory; otherwise it streams through. */
  readonly reads: boolean
  /** Whether a budget refuses models without a price. True for text, which could always be given one. */
  readonly needsPrice: boolean
  /** It counts the tokens of a routed request, and is aimed like one. */
  readonly counts: boolean
  /** Its body may name stored objects of a team, and is read only for that. */
  readonly leans: boolean
  /** Its path may name a stored object of a team, whose owner must be looked up. */
  readonly keeps: boolean
}

interface Family {
  readonly endpoint: Endpoint
  /** How a POST is billed; other methods are free. */
  readonly billing: Billing
  readonly methods: readonly string[]
  readonly reads?: boolean
  readonly needsPrice?: boolean
  readonly counts?: boolean
  readonly leans?: boolean
  readonly keeps?: boolean
}

const POST = ['POST']
const STORED = ['GET', 'HEAD', 'POST', 'DELETE']
const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Families of paths by their first segments; the longest match wins. Everything else is `other`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  'chat/completions': { endpoint: 'chat', billing: 'free', methods: STORED, keeps: true },
  responses: { endpoint: 'responses', billing: 'free', methods: STORED, keeps: true },
  'responses/input_tokens': {
    endpoint: 'responses',
    billing: 'free',
    methods: POST,
    reads: true,
    counts: true,
  },
  conversations: { endpoint: 'responses', billing: 'free', methods: STORED, leans: true, keeps: true },
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

const OTHER: Family = { endpoint: 'other', billing: 'unpriced', methods: ALL, keeps: true }

/** POSTs to these are routed. In any spelling that ends up here they are refused, not forwarded. */
const ROUTED = new Set(['chat/completions', 'responses', 'responses/compact'])

/** Models are listed locally, from the configuration; under another spelling there is no such list. */
const LISTED = new Set(['GET', 'HEAD'])

/** Reading and deleting are free; so is cancelling. */
const SAFE = new Set(['GET', 'HEAD', 'DELETE'])

/** The operation of a method and path, or why there is none. */
export function operationOf(method: string, path: string): Operation | Failure {
  const segments = segmentsOf(path)
  if (segments === undefined) return MISLEADING
  if (method === 'POST' && ROUTED.has(segments.join('/'))) return { code: 'unknown_url', method, path }
  const family = familyOf(segments)
  if (segments[0] === 'models' && LISTED.has(method)) return { code: 'unknown_url', method, path }
  if (isLookAlike(method, path, segments, family === OTHER)) return { code: 'unknown_url', method, path }
  if (!family.methods.includes(method)) {
    return { code: 'method_not_allowed', method, path, allow: family.methods }
  }
  const { endpoint, keeps = false } = family
  if (SAFE.has(method) || segments.at(-1) === 'cancel') return { ...FREE, endpoint, keeps }
  const { billing, reads = false, needsPrice = false, counts = false, leans = false } = family
  return { endpoint, billing, reads, needsPrice, counts, leans, keeps }
}

const FREE = { billing: 'free', reads: false, needsPrice: false, counts: false, leans: false } as const

/**
 * Whether some upstream may take this path for an endpoint of the table although it is none here: different
 * case, a path parameter, double escaping, or a prefix.
 */
function isLookAlike(method: string, path: string, segments: readonly string[], isOther: boolean): boolean {
  const plain = plainSegmentsOf(path)
  if (plain.some((word, index) => WORDS.has(word) && word !== segments[index])) return true
  if (!isOther) return false
  const begins = plain.findIndex((word) => !PREFIXES.has(word))
  return plain.some((word, index) => {
    if (index === begins && WORDS.has(word)) return true
    if (word === 'completions' && plain[index - 1] === 'chat') return true
    return KEEPING.has(word) || (method === 'POST' && PAID_FOR.has(word))
  })
}

/** Every path segment in the table. */
const WORDS: ReadonlySet<string> = new Set(
  [...Object.keys(FAMILIES), ...ROUTED].flatMap((path) => path.split('/')),
)
const PREFIXES = new Set(['v1', 'api', 'openai'])
const KEEPING = new Set(['responses', 'conversations'])
const PAID_FOR = new Set(['completions', 'embeddings', 'compact', 'images', 'audio'])

const MISLEADING = {
  code: 'invalid_request',
  detail: 'the path contains ".." or invalid percent-encoding',
  param: null,
} as const

function find(name: string): Family | undefined {
  return Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined
}

/** The methods allowed on a path. */
export function methodsOf(path: string): readonly string[] {
  return familyOf(segmentsOf(path) ?? []).methods
}

function familyOf(segments: readonly string[]): Family {
  return find(segments.slice(0, 2).join('/')) ?? find(segments[0] ?? '') ?? OTHER
}
