import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

export const KEY = 'sk-bench-0123456789abcdefghijklmnopqrstuvwxyz'

/** What is left out or different. */
export interface Variation {
  readonly store?: object
  readonly without?: 'classifier' | 'budgets' | 'limits'
  /** Top-level settings that replace the configuration's own. */
  readonly settings?: object
}

/** A model that is about to end is warned of at start, before the address that is waited for. */
const UNENDING = { shutdown: 'never' }

/**
 * Writes the configuration of a Trivium with everything on: keys, classifier, three routes, budgets and
 * limits of team and key, and the ledger in a file unless another store is named. No limit is ever reached,
 * but everything is counted. Returns the path.
 */
export function writeConfiguration(
  folder: string,
  upstreamPort: number,
  { store = { sqlite: join(folder, 'ledger.db') }, without, settings }: Variation = {},
): string {
  const file = join(folder, 'trivium.yaml')
  const some = { requests_per_minute: 10_000_000, tokens_per_minute: 1_000_000_000, concurrent: 10_000 }
  const limits = without === 'limits' ? {} : some
  const budgets = (...all: readonly object[]) => (without === 'budgets' ? [] : all)
  const configuration = {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' },
    upstreams: { openai: { base_url: `http://127.0.0.1:${upstreamPort}/v1`, api_key: 'sk-upstream' } },
    models: { 'o1-mini': UNENDING, 'gpt-4o': UNENDING, 'gpt-4o-mini': UNENDING },
    lifecycle: { refresh: 'never' },
    routes: {
      stem_reasoning: ['o1-mini', 'gpt-4o'],
      factual_recall: ['gpt-4o-mini'],
      language_heavy: ['gpt-4o'],
    },
    teams: {
      bench: {
        routing: without === 'classifier' ? 'off' : 'always',
        budgets: budgets({ usd: 1_000_000, per: 'month' }, { usd: 500_000, per: 'day' }),
        limits,
        keys: [
          {
            id: 'load',
            sha256: createHash('sha256').update(KEY).digest('hex'),
            budgets: budgets({ usd: 400_000, per: 'day' }),
            limits,
          },
        ],
      },
    },
    store,
    log: { level: 'warn' },
    ...settings,
  }
  // Ten thousand identical-looking teams must not be written with aliases, of which a configuration may
  // contain only a few.
  writeFileSync(file, stringify(configuration, { aliasDuplicateObjects: false }))
  return file
}

/** The shipped rules file without any rules: only the part that peels wrappers is left. Returns the path. */
export function emptyRules(folder: string): string {
  const shipped = join(import.meta.dirname, '..', '..', '..', 'config', 'rules.yaml')
  const file = join(folder, 'no-rules.yaml')
  writeFileSync(file, stringify({ ...parse(readFileSync(shipped, 'utf8')), rules: [] }))
  return file
}
