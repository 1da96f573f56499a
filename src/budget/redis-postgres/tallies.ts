import { DAY, HOUR } from '../../base/durations.ts'
import { MOST } from '../../base/money.ts'
import { SUMMED, TALLIED_CLASS, TALLIED_TARGET } from '../tally.ts'

const SUMS = Object.keys(SUMMED)

/**
 * Hourly and daily sums that the database itself keeps consistent with the rows: every statement that inserts
 * or corrects rows updates the sums in its own transaction, whichever client sends it. Rows may be deleted;
 * their sums stay.
 */
export const TALLIES = `
  ${table('tally_hour', 'hour')}
  ${table('tally_day', 'day')}
  CREATE INDEX tally_day_by_team ON tally_day (team, day);
  CREATE FUNCTION trivium_tally() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        ${folds('(SELECT 1 AS sign, * FROM now_rows) AS changed')}
      ELSE
        ${folds('(SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows) AS changed')}
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER ledger_tally_new AFTER INSERT ON ledger
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_tally();
  CREATE TRIGGER ledger_tally_corrected AFTER UPDATE ON ledger
    REFERENCING NEW TABLE AS now_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_tally();
  ${folds('(SELECT 1 AS sign, * FROM ledger) AS changed')}`

function table(name: string, column: string): string {
  const sums = ['requests', ...SUMS].map((sum) => `${sum} bigint NOT NULL`)
  return `CREATE TABLE ${name} (${column} integer NOT NULL, team text NOT NULL, key text NOT NULL, target text NOT NULL,
    class text NOT NULL, ${sums}, PRIMARY KEY (${column}, team, key, target, class)) WITH (fillfactor = 70);`
}

function folds(from: string): string {
  return `${folding('tally_hour', 'hour', HOUR, from)}; ${folding('tally_day', 'day', DAY, from)};`
}

/**
 * Sums are clamped to the largest exact integer. Lines are written in key order, so that concurrent
 * statements cannot deadlock.
 */
function folding(name: string, column: string, length: number, from: string): string {
  const sums = Object.values(SUMMED).map(
    (value) => `least(coalesce(sum(sign * ${value}), 0), ${MOST})::bigint`,
  )
  const isChange = ['sign', ...Object.values(SUMMED).map((value) => `sign * ${value}`)].map(
    (value) => `coalesce(sum(${value}), 0) <> 0`,
  )
  const added = SUMS.map((sum) => `${sum} = least(${MOST}, tally.${sum} + excluded.${sum})`)
  return `INSERT INTO ${name} AS tally (${column}, team, key, target, class, requests, ${SUMS})
    SELECT at / ${length}, team, key, ${TALLIED_TARGET}, ${TALLIED_CLASS}, sum(sign), ${sums}
    FROM ${from} GROUP BY 1, 2, 3, 4, 5 HAVING ${isChange.join(' OR ')} ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (${column}, team, key, target, class)
    DO UPDATE SET requests = tally.requests + excluded.requests, ${added}`
}
