import { MOST } from '../../../base/money.ts'
import { SHAPE_KEY, shapeOf, USAGE_KEY, USAGE_SUMS, usageOf } from '../../counted.ts'
import { DECIDED, UNLABELLED, WORTH } from '../../decision-line.ts'
import { DAY, HOUR } from '../../tally.ts'

const USAGE = ['requests', ...Object.keys(USAGE_SUMS)]
const SHAPE = ['requests', 'total']

/**
 * What is counted for people's pages, by hour and by day, beside the tallies and like them: every statement that inserts
 * or corrects rows changes it in its own transaction. And the indexes by which labelled rows, and those worth a label,
 * are found.
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
      comparison text NOT NULL, ${columns(USAGE)}, PRIMARY KEY (span, team, ${USAGE_KEY})) WITH (fillfactor = 70);
    CREATE TABLE shape_${span} (span integer NOT NULL, team text NOT NULL, spread text NOT NULL, bucket integer NOT NULL,
      ${columns(SHAPE)}, PRIMARY KEY (span, team, ${SHAPE_KEY})) WITH (fillfactor = 70);`
}

function countings(from: string): string {
  return [
    adding('usage_hour', usageOf(from, HOUR, bounded), USAGE_KEY, USAGE),
    adding('usage_day', usageOf(from, DAY, bounded), USAGE_KEY, USAGE),
    adding('shape_hour', shapeOf(from, HOUR), SHAPE_KEY, SHAPE),
    adding('shape_day', shapeOf(from, DAY), SHAPE_KEY, SHAPE),
  ].join(' ')
}

/** Sums stop at what a number holds exactly. */
function bounded(expression: string): string {
  return `least(sum(${expression}), ${MOST})`
}

/** In the order of the key, so that two who count at once never lock crosswise. A correction that changes nothing adds nothing. */
function adding(table: string, counts: string, key: string, sums: readonly string[]): string {
  const isChange = sums.map((sum) => `counted.${sum} <> 0`).join(' OR ')
  const added = sums.map((sum) => `${sum} = least(${MOST}, known.${sum} + excluded.${sum})`)
  return `INSERT INTO ${table} AS known (team, span, ${key}, ${sums})
    SELECT team, span, ${key}, ${sums} FROM (${counts}) AS counted WHERE ${isChange} ORDER BY span, team, ${key}
    ON CONFLICT (span, team, ${key}) DO UPDATE SET ${added};`
}
