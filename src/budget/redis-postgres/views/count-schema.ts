import { DAY, HOUR } from '../../../base/durations.ts'
import { shapeOf, usageOf } from '../../counted.ts'
import { DECIDED, UNLABELLED, WORTH } from '../../decision-line.ts'
import { adding, bounded, SHAPE, USAGE } from './count-sql.ts'

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
        ${countings('(SELECT 1 AS sign, * FROM now_rows) AS changed')}
      ELSE
        ${countings('(SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows) AS changed')}
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER ledger_count_new AFTER INSERT ON ledger
    REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_count();
  CREATE TRIGGER ledger_count_corrected AFTER UPDATE ON ledger
    REFERENCING NEW TABLE AS now_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION trivium_count();
  ${countings('(SELECT 1 AS sign, * FROM ledger) AS changed')}
  CREATE INDEX ledger_labelled ON ledger (at) WHERE label IS NOT NULL;
  CREATE INDEX ledger_to_review ON ledger (team, (${WORTH}), at) WHERE ${UNLABELLED} AND ${DECIDED};`

function tables(span: string): string {
  const columns = (names: readonly string[]) => names.map((name) => `${name} bigint NOT NULL`).join(', ')
  return `CREATE TABLE usage_${span} (span integer NOT NULL, team text NOT NULL, class text NOT NULL, target text NOT NULL,
      comparison text NOT NULL, ${columns(USAGE.sums)}, PRIMARY KEY (span, team, ${USAGE.key})) WITH (fillfactor = 70);
    CREATE TABLE shape_${span} (span integer NOT NULL, team text NOT NULL, spread text NOT NULL, bucket integer NOT NULL,
      ${columns(SHAPE.sums)}, PRIMARY KEY (span, team, ${SHAPE.key})) WITH (fillfactor = 70);`
}

function countings(from: string): string {
  return [
    adding('usage_hour', USAGE, usageOf(from, HOUR, bounded)),
    adding('usage_day', USAGE, usageOf(from, DAY, bounded)),
    adding('shape_hour', SHAPE, shapeOf(from, HOUR)),
    adding('shape_day', SHAPE, shapeOf(from, DAY)),
  ]
    .map((statement) => `${statement};`)
    .join(' ')
}
