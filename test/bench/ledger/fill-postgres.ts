import { requestId } from '../../../src/base/ids.ts'
import { openDatabase, unhurried } from '../../../src/ledger/redis-postgres/database.ts'
import { ensureMonths } from '../../../src/ledger/redis-postgres/months.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { foldCounts } from '../../../src/ledger/redis-postgres/views/whole-counts.ts'
import type { Filling } from './fill.ts'

const DAY = 86_400_000
const MOST_AT_ONCE = 200_000

/**
 * Writes the rows of `fill` into Postgres, where the database counts them like those of replicas. Returns the
 * time taken, in milliseconds.
 */
export async function fillPostgres(url: string, { rows, days, until }: Filling): Promise<number> {
  const pool = openDatabase(url)
  const started = performance.now()
  try {
    await migrate(pool)
    const since = until - days * DAY
    await ensureMonths(
      pool,
      Array.from({ length: days + 2 }, (_, day) => since + (day - 1) * DAY),
    )
    const insert = insertion(since, (days * DAY) / rows, String(requestId(0)).slice(-10))
    for (let first = 0; first < rows; first += MOST_AT_ONCE) {
      await pool.query(insert, [first, Math.min(rows, first + MOST_AT_ONCE) - 1])
      // As replicas do continuously.
      await foldCounts(pool)
    }
    await pool.query(`SET statement_timeout = 0`)
    await pool.query(unhurried('VACUUM ANALYZE'))
  } finally {
    await pool.end()
  }
  return performance.now() - started
}

function insertion(start: number, stepMs: number, random: string): string {
  const alphabet = `'0123456789abcdefghjkmnpqrstvwxyz'`
  const letters = (value: string, count: number) =>
    Array.from(
      { length: count },
      (_, place) => `substr(${alphabet}, ((${value} >> ${5 * (count - 1 - place)}) & 31)::integer + 1, 1)`,
    ).join(' || ')
  return `
    WITH drawn AS MATERIALIZED (SELECT i,
      (${start} + i * ${stepMs} + 3000000 * sin(i * ${stepMs} / 13750987.0))::bigint AS at,
      floor(random() * 1600)::integer AS a, floor(random() * 100)::integer AS b, floor(random() * 2000)::bigint AS c
      FROM generate_series($1::bigint, $2::bigint) AS i),
    rows AS (SELECT *, floor(sqrt(a))::integer AS team, (a + b) % 3 AS key,
      CASE WHEN b < 92 THEN 'ok' WHEN b < 96 THEN 'refused' WHEN b < 98 THEN 'client_left'
        WHEN b < 99 THEN 'upstream_error' ELSE 'broken' END AS outcome FROM drawn)
    INSERT INTO ledger (at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint,
      stream, requested_model, answered_model, upstream, status, attempts, input_tokens, cached_tokens, output_tokens,
      reasoning_tokens, usage_source, ms_to_first_byte, ms_total, ms_proxy, confidence, cause, rules_version,
      weights_version, conversation, evidence)
    SELECT at, 'team-' || team, 'key-' || key, outcome,
      CASE WHEN b < 92 OR b >= 96 THEN (c * 7919 + a * 31) * 10 ELSE 0 END, 20000000,
      CASE WHEN b < 92 OR b >= 96 THEN (c * 7919 + a * 31) * 25 ELSE NULL END,
      CASE c % 3 WHEN 0 THEN 'factual_recall' WHEN 1 THEN 'language_heavy' ELSE 'stem_reasoning' END,
      CASE WHEN b >= 92 AND b < 96 THEN NULL ELSE CASE c % 5 WHEN 0 THEN 'o1-mini' WHEN 1 THEN 'gpt-4o'
        WHEN 2 THEN 'gpt-4o-mini' WHEN 3 THEN 'gpt-4o' ELSE 'gpt-4o-mini' END END,
      'req_' || ${letters('at', 10)} || '${random}' || ${letters('i', 6)}, 'chat',
      c % 2 = 1, 'gpt-4o', 'gpt-4o-2024-08-06', 'openai', 200, 1, c, c / 4, a, CASE c % 5 WHEN 0 THEN a / 2 ELSE 0 END, 'reported',
      40.5 + a * c / 900.0, 90.25 + a * c / 90.0, 0.4, 0.35 + (c * 13 + a * 7) % 650 / 1000.0,
      CASE WHEN (c * 13 + a * 7) % 650 < 150 THEN 'abstained' ELSE 'model' END, '0123456789ab', 'ba9876543210', 'f0' || (c * 7919), '{"rules":[["stem.prove",2.1]],"logits":[3.1,0.2,-1],"read":[120,120]}'
    FROM rows`
}
