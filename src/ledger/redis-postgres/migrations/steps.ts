import { COUNTS } from './counts.ts'
import { TALLIES } from './tallies.ts'
import { WHOLE_COUNTS } from './whole-counts.ts'

const LEDGER_COLUMNS =
  'id text NOT NULL, at bigint NOT NULL, team text NOT NULL, key text NOT NULL, endpoint text NOT NULL, ' +
  'stream boolean NOT NULL, requested_model text NOT NULL, class text, confidence double precision, ' +
  'cause text, evidence text, rules_version text, weights_version text, conversation text, target text, ' +
  'answered_model text, upstream text, attempts integer, adapted text, status integer, ' +
  'outcome text NOT NULL, error_code text, input_tokens bigint, cached_tokens bigint, ' +
  'output_tokens bigint, reasoning_tokens bigint, usage_source text, cost_nusd bigint NOT NULL, ' +
  'held_nusd bigint NOT NULL, baseline_nusd bigint, ms_to_first_byte double precision, ' +
  'ms_total double precision, ms_proxy double precision, prompt text, label text, labelled_by text'

/**
 * Steps from one schema version to the next; the table `trivium_schema` records those applied. Never edit a
 * released step: add a new one. Steps import nothing from outside this folder, so that no change elsewhere
 * can change one, and a test pins the text of each.
 *
 * The ledger is partitioned by month of `at`, so that old months are dropped rather than deleted.
 * `team_epoch` holds the epoch of a team's balances in Redis; the presence of a line means that Redis once
 * had them. `raise_log` is the append-only audit of temporary raises. `alert` holds alerts, undelivered while
 * `ended_at` is null. Months that ended by `kept.since` have been dropped; their totals remain in the
 * tallies. `ended_session` holds sessions that were signed out before they expired.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ledger (
    ${LEDGER_COLUMNS},
    PRIMARY KEY (id, at)
  ) PARTITION BY RANGE (at);
  CREATE INDEX ledger_by_time ON ledger (at);
  CREATE INDEX ledger_by_team ON ledger (team, at) INCLUDE (key, cost_nusd);
  CREATE TABLE team_epoch (team text PRIMARY KEY, epoch text NOT NULL, loaded_at timestamptz NOT NULL);
  CREATE TABLE raise_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    action text NOT NULL CHECK (action IN ('grant', 'revoke')),
    raise text NOT NULL,
    budget text NOT NULL,
    amount_nusd bigint NOT NULL,
    until bigint NOT NULL,
    who text NOT NULL,
    via text NOT NULL,
    reason text NOT NULL
  );
  CREATE FUNCTION trivium_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit of raises is append-only'; END $$;
  CREATE TRIGGER raise_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON raise_log
    EXECUTE FUNCTION trivium_append_only();
  CREATE TABLE alert (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    at bigint NOT NULL,
    resets_at bigint,
    facts text NOT NULL,
    ended_at bigint,
    ending text,
    claimed_by text,
    claimed_until timestamptz
  );`,
  `${TALLIES}
  CREATE TABLE kept (since bigint NOT NULL);
  INSERT INTO kept VALUES (0);
  CREATE INDEX ledger_prompts ON ledger (at) WHERE prompt IS NOT NULL;
  CREATE INDEX ledger_not_ok ON ledger (outcome, at) WHERE outcome <> 'ok';`,
  `CREATE TABLE booked_once (name text PRIMARY KEY, id text NOT NULL, at bigint NOT NULL);`,
  `CREATE TABLE answer (id text PRIMARY KEY, at bigint NOT NULL, holder text NOT NULL);
  CREATE INDEX answer_by_time ON answer (at);`,
  `CREATE TABLE label_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    id text NOT NULL,
    before text,
    label text,
    who text NOT NULL
  );
  CREATE INDEX label_log_by_id ON label_log (id);
  CREATE FUNCTION trivium_labels_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit of labels is append-only'; END $$;
  CREATE TRIGGER label_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON label_log
    EXECUTE FUNCTION trivium_labels_append_only();`,
  COUNTS,
  `CREATE TABLE audit_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL
  );
  CREATE FUNCTION trivium_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
  CREATE TRIGGER audit_log_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    EXECUTE FUNCTION trivium_audit_append_only();
  CREATE INDEX audit_log_by_time ON audit_log (at);
  CREATE INDEX label_log_by_time ON label_log (at);`,
  `${WHOLE_COUNTS} CREATE INDEX ledger_by_target ON ledger (target, at);
  CREATE INDEX ledger_by_cause ON ledger (cause, at) WHERE cause NOT IN ('model', 'abstained');
  CREATE TABLE ended_session (id text PRIMARY KEY, expires_at bigint NOT NULL);`,
  // A row whose outcome the function cannot number is counted as -1. Without a number it would be refused.
  `DO $step$
  DECLARE
    known text := pg_get_functiondef('trivium_count()'::regprocedure);
    changed text := replace(known, 'WHEN ''unsettled'' THEN 5 END', 'WHEN ''unsettled'' THEN 5 ELSE -1 END');
  BEGIN
    IF changed = known THEN RAISE EXCEPTION 'trivium_count() is not that of schema version 8'; END IF;
    EXECUTE changed;
  END $step$;`,
]
