import { DatabaseSync } from 'node:sqlite'
import { requestId } from '../../../src/base/ids.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { SEQ_PER_MS } from '../../../src/ledger/sqlite/schema.ts'

export interface Filling {
  readonly rows: number
  readonly days: number
  /** The newest row's time, milliseconds since the epoch. */
  readonly until: number
}

const MOST_AT_ONCE = 500_000

/**
 * Writes a ledger such as many months of requests would leave: 40 teams of which the first are the busiest,
 * with three keys each, three classes, five models, quiet nights, a few refusals and broken responses. The
 * rows are not tallied: the next start counts them, as after an update from a version without tallies.
 * Returns the time the rows took, in ms.
 */
export async function fill(file: string, { rows, days, until }: Filling): Promise<number> {
  await openLedger(file).close()
  const started = performance.now()
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  const stepMs = (days * 86_400_000) / rows
  const random = String(requestId(0)).slice(-10)
  const insert = database.prepare(insertion(until - days * 86_400_000, stepMs, random))
  for (let first = 0; first < rows; first += MOST_AT_ONCE)
    insert.run(first, Math.min(rows, first + MOST_AT_ONCE) - 1)
  database.close()
  return performance.now() - started
}

/**
 * SQL that generates rows `?1` to `?2` within SQLite, because ten million calls of a statement would take
 * minutes.
 */
function insertion(start: number, stepMs: number, random: string): string {
  const alphabet = `'0123456789abcdefghjkmnpqrstvwxyz'`
  const letters = (value: string, count: number) =>
    Array.from(
      { length: count },
      (_, place) => `substr(${alphabet}, ((${value} >> ${5 * (count - 1 - place)}) & 31) + 1, 1)`,
    ).join(' || ')
  return `
    WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2),
    drawn AS MATERIALIZED (SELECT CAST(i AS INTEGER) AS i,
      CAST(${start} + i * ${stepMs} + 3000000 * sin(i * ${stepMs} / 13750987.0) AS INTEGER) AS at,
      abs(random()) % 1600 AS a, abs(random()) % 100 AS b, abs(random()) % 2000 AS c FROM n),
    rows AS (SELECT *, CAST(sqrt(a) AS INTEGER) AS team, (a + b) % 3 AS key,
      CASE WHEN b < 92 THEN 'ok' WHEN b < 96 THEN 'refused' WHEN b < 98 THEN 'client_left'
        WHEN b < 99 THEN 'upstream_error' ELSE 'broken' END AS outcome FROM drawn)
    INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint,
      stream, requested_model, answered_model, upstream, status, attempts, input_tokens, cached_tokens, output_tokens,
      reasoning_tokens, usage_source, ms_to_first_byte, ms_total, ms_proxy, confidence, cause, rules_version,
      weights_version, conversation, evidence)
    SELECT at * ${SEQ_PER_MS} + i % ${SEQ_PER_MS}, at, 'team-' || team, 'key-' || key, outcome,
      CASE WHEN b < 92 OR b >= 96 THEN (c * 7919 + a * 31) * 10 ELSE 0 END, 20000000,
      CASE WHEN b < 92 OR b >= 96 THEN (c * 7919 + a * 31) * 25 ELSE NULL END,
      CASE c % 3 WHEN 0 THEN 'factual_recall' WHEN 1 THEN 'language_heavy' ELSE 'stem_reasoning' END,
      CASE WHEN b >= 92 AND b < 96 THEN NULL ELSE CASE c % 5 WHEN 0 THEN 'o1-mini' WHEN 1 THEN 'gpt-4o'
        WHEN 2 THEN 'gpt-4o-mini' WHEN 3 THEN 'gpt-4o' ELSE 'gpt-4o-mini' END END,
      'req_' || ${letters('at', 10)} || '${random}' || ${letters('i', 6)}, 'chat',
      c % 2, 'gpt-4o', 'gpt-4o-2024-08-06', 'openai', 200, 1, c, c / 4, a, CASE c % 5 WHEN 0 THEN a / 2 ELSE 0 END, 'reported',
      40.5 + a * c / 900.0, 90.25 + a * c / 90.0, 0.4, 0.35 + (c * 13 + a * 7) % 650 / 1000.0,
      CASE WHEN (c * 13 + a * 7) % 650 < 150 THEN 'abstained' ELSE 'model' END, '0123456789ab', 'ba9876543210', 'f0' || (c * 7919), '{"rules":[["stem.prove",2.1]],"logits":[3.1,0.2,-1],"read":[120,120]}'
    FROM rows`
}
