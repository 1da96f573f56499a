import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

export const KEY = 'sk-bench-0123456789abcdefghijklmnopqrstuvwxyz'

/**
 * Writes the configuration of a Trivium with everything on: keys, classifier, three routes, budgets and limits of team
 * and key, and the ledger in a file, unless another store is named. Nothing binds, everything is
 * counted. Answers the configuration's path.
 */
export function writeConfiguration(
  folder: string,
  upstreamPort: number,
  store: object = { sqlite: join(folder, 'ledger.db') },
): string {
  const file = join(folder, 'trivium.yaml')
  const limits = { requests_per_minute: 10_000_000, tokens_per_minute: 1_000_000_000, concurrent: 1000 }
  writeFileSync(
    file,
    stringify({
      server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' },
      upstreams: { openai: { base_url: `http://127.0.0.1:${upstreamPort}/v1`, api_key: 'sk-upstream' } },
      models: { 'o1-mini': { shutdown: 'never' } },
      lifecycle: { refresh: 'never' },
      routes: {
        stem_reasoning: ['o1-mini', 'gpt-4o'],
        factual_recall: ['gpt-4o-mini'],
        language_heavy: ['gpt-4o'],
      },
      teams: {
        bench: {
          budgets: [
            { usd: 1_000_000, per: 'month' },
            { usd: 500_000, per: 'day' },
          ],
          limits,
          keys: [
            {
              id: 'load',
              sha256: createHash('sha256').update(KEY).digest('hex'),
              budgets: [{ usd: 400_000, per: 'day' }],
              limits,
            },
          ],
        },
      },
      store,
      log: { level: 'warn' },
    }),
  )
  return file
}
