import { type Random, word } from './random.ts'

const LIMIT_REQUESTS = 10_000
const LIMIT_TOKENS = 30_000_000

/** Response headers of the vendor and of the edge in front of it; a proxy should drop the edge's. */
export function answerHeaders(random: Random, promptTokens: number): Record<string, string> {
  return {
    ...edgeHeaders(random),
    'openai-organization': 'simulator',
    'openai-processing-ms': String(20 + Math.floor(random() * 400)),
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': String(LIMIT_REQUESTS),
    'x-ratelimit-limit-tokens': String(LIMIT_TOKENS),
    'x-ratelimit-remaining-requests': String(LIMIT_REQUESTS - 1),
    'x-ratelimit-remaining-tokens': String(LIMIT_TOKENS - promptTokens),
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-reset-tokens': '0s',
  }
}

/** Headers that even the edge's own responses carry. */
export function edgeHeaders(random: Random): Record<string, string> {
  return {
    'x-request-id': `req_${word(random, 32).toLowerCase()}`,
    server: 'cloudflare',
    'cf-ray': `${word(random, 16).toLowerCase()}-CDG`,
    'set-cookie': '__cf_bm=simulated; path=/; HttpOnly; Secure',
    'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
    'alt-svc': 'h3=":443"; ma=86400',
  }
}
