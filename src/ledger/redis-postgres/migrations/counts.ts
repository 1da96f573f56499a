import {
  addShape,
  addUsage,
  DECIDED,
  SHAPE_COLUMNS,
  SHAPE_KEY,
  shapeOf,
  USAGE_COLUMNS,
  USAGE_KEY,
  usageOf,
} from './count-statements.ts'

/** Released as step 6: see `steps.ts`. */

const WORTH = '(1 - confidence) * (coalesce(cost_nusd, 0) + 1)'

function tables(span: string): string {
  return `CREATE TABLE usage_${span} (span integer NOT NULL, team text NOT NULL, class text NOT NULL, target text NOT NULL,
      comparison text NOT NULL, ${USAGE_COLUMNS}, PRIMARY KEY (span, team, ${USAGE_KEY})) WITH (fillfactor = 70);
    CREATE TABLE shape_${span} (span integer NOT NULL, team text NOT NULL, spread text NOT NULL, bucket integer NOT NULL,
      ${SHAPE_COLUMNS}, PRIMARY KEY (span, team, ${SHAPE_KEY})) WITH (fillfactor = 70);`
}

function count(rows: string): string {
  return [
    `${addUsage('usage_hour', usageOf(rows, 3600000))};`,
    `${addUsage('usage_day', usageOf(rows, 86400000))};`,
    `${addShape('shape_hour', shapeOf(rows, 3600000))};`,
    `${addShape('shape_day', shapeOf(rows, 86400000))};`,
  ].join(' ')
}

/**
 * Hourly and daily counts for the console, beside the tallies and maintained like them: every statement that
 * inserts or corrects rows updates the counts in its own transaction. Also the indexes that find labelled
 * rows and rows worth labelling.
 */
export const COUNTS = `
  ${tables('hour')} ${tables('day')}
  CREATE FUNCTION trivium_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        ${count('SELECT 1 AS sign, * FROM now_rows')}
      ELSE
        ${count('SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows')}
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER ledger_count_new AFTER INSERT ON ledger
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_count();
  CREATE TRIGGER ledger_count_corrected AFTER UPDATE ON ledger
    REFERENCING NEW TABLE AS now_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_count();
  ${count('SELECT 1 AS sign, * FROM ledger')}
  CREATE INDEX ledger_labelled ON ledger (at) WHERE label IS NOT NULL;
  CREATE INDEX ledger_to_review ON ledger (team, (${WORTH}), at) WHERE label IS NULL AND ${DECIDED};`
