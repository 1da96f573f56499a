/** Released as part of step 2: see `steps.ts`. */

const SUM_COLUMNS =
  'requests bigint NOT NULL,input_tokens bigint NOT NULL,output_tokens bigint NOT NULL,' +
  'cost_nusd bigint NOT NULL,baseline_nusd bigint NOT NULL'

const SUMS = 'input_tokens,output_tokens,cost_nusd,baseline_nusd'

/** Sums are clamped to the largest exact integer. */
const SUMMED =
  'least(coalesce(sum(sign * input_tokens), 0), 9007199254740991)::bigint,' +
  'least(coalesce(sum(sign * output_tokens), 0), 9007199254740991)::bigint,' +
  'least(coalesce(sum(sign * cost_nusd), 0), 9007199254740991)::bigint,' +
  'least(coalesce(sum(sign * coalesce(baseline_nusd, cost_nusd)), 0), 9007199254740991)::bigint'

const IS_CHANGE =
  'coalesce(sum(sign), 0) <> 0 OR coalesce(sum(sign * input_tokens), 0) <> 0 OR ' +
  'coalesce(sum(sign * output_tokens), 0) <> 0 OR coalesce(sum(sign * cost_nusd), 0) <> 0 OR ' +
  'coalesce(sum(sign * coalesce(baseline_nusd, cost_nusd)), 0) <> 0'

const ADDED =
  'input_tokens = least(9007199254740991, tally.input_tokens + excluded.input_tokens),' +
  'output_tokens = least(9007199254740991, tally.output_tokens + excluded.output_tokens),' +
  'cost_nusd = least(9007199254740991, tally.cost_nusd + excluded.cost_nusd),' +
  'baseline_nusd = least(9007199254740991, tally.baseline_nusd + excluded.baseline_nusd)'

/** Lines are written in key order, so that concurrent statements cannot deadlock. */
function fold(table: string, column: string, ms: number, rows: string): string {
  return `INSERT INTO ${table} AS tally (${column}, team, key, target, class, requests, ${SUMS})
    SELECT at / ${ms}, team, key, coalesce(target, '(none)'), coalesce(class, '(none)'), sum(sign), ${SUMMED}
    FROM (${rows}) AS changed GROUP BY 1, 2, 3, 4, 5 HAVING ${IS_CHANGE} ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (${column}, team, key, target, class)
    DO UPDATE SET requests = tally.requests + excluded.requests, ${ADDED}`
}

function folds(rows: string): string {
  return `${fold('tally_hour', 'hour', 3600000, rows)}; ${fold('tally_day', 'day', 86400000, rows)};`
}

/**
 * Hourly and daily sums that the database itself keeps consistent with the rows: every statement that inserts
 * or corrects rows updates the sums in its own transaction, whichever client sends it. Rows may be deleted;
 * their sums stay.
 */
export const TALLIES = `
  CREATE TABLE tally_hour (hour integer NOT NULL, team text NOT NULL, key text NOT NULL, target text NOT NULL,
    class text NOT NULL, ${SUM_COLUMNS}, PRIMARY KEY (hour, team, key, target, class)) WITH (fillfactor = 70);
  CREATE TABLE tally_day (day integer NOT NULL, team text NOT NULL, key text NOT NULL, target text NOT NULL,
    class text NOT NULL, ${SUM_COLUMNS}, PRIMARY KEY (day, team, key, target, class)) WITH (fillfactor = 70);
  CREATE INDEX tally_day_by_team ON tally_day (team, day);
  CREATE FUNCTION trivium_tally() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        ${folds('SELECT 1 AS sign, * FROM now_rows')}
      ELSE
        ${folds('SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows')}
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER ledger_tally_new AFTER INSERT ON ledger
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_tally();
  CREATE TRIGGER ledger_tally_corrected AFTER UPDATE ON ledger
    REFERENCING NEW TABLE AS now_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_tally();
  ${folds('SELECT 1 AS sign, * FROM ledger')}`
