import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'undici'
import type { Random } from '../../../src/simulator/random.ts'
import type { Wave } from './mix.ts'

/** Outcomes of the requests of one run, as their clients saw them. */
export interface Tally {
  answered: number
  /** The client disconnected. */
  left: number
  /** The response was cut off, with an error reported in it. */
  torn: number
  exhausted: number
  /** Responses with `budget_held`, each of which was retried. */
  held: number
  /** Responses reporting an upstream that failed or is resting; retried. */
  unserved: number
  /**
   * Responses with `store_unavailable` from a replica whose Redis took too long; retried. Only with shared
   * stores.
   */
  away: number
  /** Refusals with `insufficient_quota` although settled spend left room for a minimal answer. */
  falselyRefused: number
  /** Anything else. */
  readonly unexpected: string[]
}

export function emptyTally(): Tally {
  return {
    answered: 0,
    left: 0,
    torn: 0,
    exhausted: 0,
    held: 0,
    unserved: 0,
    away: 0,
    falselyRefused: 0,
    unexpected: [],
  }
}

const MOST_ATTEMPTS = 400
/** A client that is repeatedly told to wait backs off up to this. */
const LONGEST_WAIT_MS = 600

/**
 * Retries until there is an answer or the budget is spent, like the SDKs. A client that is to disconnect does
 * so the first time it can.
 */
export async function insist(
  pool: Pool,
  key: string,
  wave: Wave,
  random: Random,
  tally: Tally,
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const said = await ask(pool, key, wave)
    switch (said.code) {
      case 'answered':
      case 'left':
      case 'torn':
        tally[said.code] += 1
        return
      case 'insufficient_quota':
        tally.exhausted += 1
        if (said.roomNusd >= wave.need) tally.falselyRefused += 1
        return
      case 'budget_held':
        tally.held += 1
        break
      case 'store_unavailable':
        tally.away += 1
        break
      default:
        if (!said.code.startsWith('upstream_') && said.status < 500 && said.status !== 429) {
          tally.unexpected.push(said.text)
          return
        }
        tally.unserved += 1
    }
    await sleep(Math.min(LONGEST_WAIT_MS, (said.retryAfterMs || 100) * (1 + random()) * (1 + attempt)))
  }
  tally.unexpected.push('never served')
}

interface Said {
  readonly code: string
  readonly status: number
  readonly retryAfterMs: number
  /** What the refusal says remains after settled spend. */
  readonly roomNusd: number
  readonly text: string
}

async function ask(pool: Pool, key: string, { body, leaves }: Wave): Promise<Said> {
  const leaving = new AbortController()
  const timer =
    leaves !== undefined && 'afterMs' in leaves
      ? setTimeout(() => leaving.abort(), leaves.afterMs)
      : undefined
  try {
    const answer = await pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: leaving.signal,
    })
    const chunks: Buffer[] = []
    for await (const chunk of answer.body) {
      chunks.push(chunk)
      const isFull = leaves !== undefined && 'atChunk' in leaves && chunks.length > leaves.atChunk
      if (isFull && answer.statusCode === 200) leaving.abort()
    }
    return read(
      answer.statusCode,
      Number(answer.headers['retry-after-ms'] ?? 0),
      Buffer.concat(chunks).toString(),
    )
  } catch (error) {
    if (leaving.signal.aborted) return { ...NOTHING, code: 'left' }
    return { ...NOTHING, code: 'unexpected', text: String(error) }
  } finally {
    clearTimeout(timer)
  }
}

const NOTHING: Said = { code: '', status: 0, retryAfterMs: 0, roomNusd: 0, text: '' }

interface Refusal {
  readonly error: {
    readonly code: string
    readonly metadata?: { readonly spent_usd: number; readonly limit_usd: number }
  }
}

function read(status: number, retryAfterMs: number, text: string): Said {
  if (status === 200) return { ...NOTHING, code: text.includes('"error"') ? 'torn' : 'answered' }
  const { error } = text.startsWith('{')
    ? (JSON.parse(text) as Refusal)
    : { error: { code: 'upstream_page' } }
  const { metadata } = error as Refusal['error']
  const roomNusd = metadata === undefined ? 0 : Math.round((metadata.limit_usd - metadata.spent_usd) * 1e9)
  return { code: error.code ?? 'upstream_error', status, retryAfterMs, roomNusd, text }
}
