import type { Failure } from '../../base/failure.ts'
import type { Endpoint } from '../team.ts'
import { plainSegmentsOf, segmentsOf } from './path.ts'

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
  /** Its body may name what is kept of a team, and is read for that alone. */
  readonly leans: boolean
  /** What its path names may be kept of a team: whose that is has to be asked. */
  readonly keeps: boolean
}

interface Family {
  readonly endpoint: Endpoint
  /** What a POST costs; nothing else is billed. */
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

/** Families of paths by their first segments, the longest that fits counts. What is not here is `other`. */
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
 * What some upstream may take for an endpoint of the table that it is none of here: in another case, with a parameter of
 * the path, escaped twice, or with a prefix.
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

/** Every word of the table. */
const WORDS: ReadonlySet<string> = new Set(
  [...Object.keys(FAMILIES), ...ROUTED].flatMap((path) => path.split('/')),
)
const PREFIXES = new Set(['v1', 'api', 'openai'])
const KEEPING = new Set(['responses', 'conversations'])
const PAID_FOR = new Set(['completions', 'embeddings', 'compact', 'images', 'audio'])

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
