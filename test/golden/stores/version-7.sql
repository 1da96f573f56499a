-- A ledger as version 7 of the schema left it: three closed rows of 1,000, 1,001 and 1,002 nano-dollars, and one in flight that held 5,000.
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    outcome TEXT,
    cost_nusd INTEGER,
    held_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER,
    class TEXT,
    target TEXT,
    id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    stream INTEGER NOT NULL,
    requested_model TEXT NOT NULL,
    answered_model TEXT,
    upstream TEXT,
    status INTEGER,
    error_code TEXT,
    attempts INTEGER,
    adapted TEXT,
    input_tokens INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    reasoning_tokens INTEGER,
    usage_source TEXT,
    ms_to_first_byte REAL,
    ms_total REAL,
    ms_proxy REAL,
    confidence REAL,
    cause TEXT,
    rules_version TEXT,
    weights_version TEXT,
    conversation TEXT,
    label TEXT,
    labelled_by TEXT,
    evidence TEXT,
    prompt TEXT
  ) STRICT;
CREATE TABLE raise_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('grant', 'revoke')),
    raise TEXT NOT NULL,
    budget TEXT NOT NULL,
    amount_nusd INTEGER NOT NULL,
    until INTEGER NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER raise_log_never_changes BEFORE UPDATE ON raise_log
    BEGIN SELECT RAISE(ABORT, 'the audit of raises is append-only'); END;
  CREATE TRIGGER raise_log_never_shrinks BEFORE DELETE ON raise_log
    BEGIN SELECT RAISE(ABORT, 'the audit of raises is append-only'); END;
  CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    resets_at INTEGER,
    facts TEXT NOT NULL,
    ended_at INTEGER,
    ending TEXT
  ) STRICT;
CREATE TABLE tally_hour (
    hour INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    target TEXT NOT NULL,
    class TEXT NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (hour, team, key, target, class)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally_day (
    day INTEGER NOT NULL,
    team TEXT NOT NULL,
    key TEXT NOT NULL,
    target TEXT NOT NULL,
    class TEXT NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nusd INTEGER NOT NULL,
    baseline_nusd INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (day, team, key, target, class)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally_mark (folded INTEGER NOT NULL) STRICT;
  INSERT INTO tally_mark VALUES (0);
  CREATE INDEX ledger_by_team ON ledger (team);
  CREATE INDEX ledger_not_ok ON ledger (outcome) WHERE outcome <> 'ok';
CREATE TABLE kept (since INTEGER NOT NULL) STRICT;
  INSERT INTO kept VALUES (0);
  CREATE INDEX ledger_prompts ON ledger (at) WHERE prompt IS NOT NULL;
CREATE TABLE booked_once (name TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE answer (id TEXT PRIMARY KEY, at INTEGER NOT NULL, holder TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX answer_by_time ON answer (at);
CREATE TABLE label_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    label TEXT,
    who TEXT NOT NULL
  ) STRICT;
  CREATE INDEX label_log_by_id ON label_log (id);
  CREATE TRIGGER label_log_never_changes BEFORE UPDATE ON label_log
    BEGIN SELECT RAISE(ABORT, 'the audit of labels is append-only'); END;
  CREATE TRIGGER label_log_never_shrinks BEFORE DELETE ON label_log
    BEGIN SELECT RAISE(ABORT, 'the audit of labels is append-only'); END;
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074060800000, 1794994200000, 'research', 'ci', 'ok', 1000, 5000, 2000, 'factual_recall', 'gpt-4o-mini', 'req_01a1edfdddc00000', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074122240001, 1794994260000, 'research', 'ci', 'ok', 1001, 5000, 2001, 'factual_recall', 'gpt-4o-mini', 'req_01a1edfec8200001', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074183680002, 1794994320000, 'research', 'ci', 'ok', 1002, 5000, 2002, 'factual_recall', 'gpt-4o-mini', 'req_01a1edffb2800002', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074245120003, 1794994380000, 'research', 'ci', NULL, NULL, 5000, NULL, 'factual_recall', 'gpt-4o-mini', 'req_01a1ee009ce00003', 'chat', 0, 'auto', NULL, NULL, NULL);
INSERT INTO raise_log VALUES (1, 1794994200000, 'grant', 'raise_1', 'team:research/total', 700, 2082758400000, 'ada', 'command line', 'a deadline');
INSERT INTO label_log VALUES (1, 1794994200000, 'req_unknown', NULL, 'factual_recall', 'ada');
PRAGMA application_id = 1414678870;
PRAGMA user_version = 7;
