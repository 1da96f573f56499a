-- A ledger as version 1 of the schema left it: three closed rows of 1,000, 1,001 and 1,002 nano-dollars, and one in flight that held 5,000.
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
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074060800000, 1794994200000, 'research', 'ci', 'ok', 1000, 5000, 2000, 'factual_recall', 'gpt-4o-mini', 'req_01a1edfdddc00000', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074122240001, 1794994260000, 'research', 'ci', 'ok', 1001, 5000, 2001, 'factual_recall', 'gpt-4o-mini', 'req_01a1edfec8200001', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074183680002, 1794994320000, 'research', 'ci', 'ok', 1002, 5000, 2002, 'factual_recall', 'gpt-4o-mini', 'req_01a1edffb2800002', 'chat', 0, 'auto', 200, 1, 'reported');
INSERT INTO ledger (seq, at, team, key, outcome, cost_nusd, held_nusd, baseline_nusd, class, target, id, endpoint, stream, requested_model, status, attempts, usage_source) VALUES (1838074245120003, 1794994380000, 'research', 'ci', NULL, NULL, 5000, NULL, 'factual_recall', 'gpt-4o-mini', 'req_01a1ee009ce00003', 'chat', 0, 'auto', NULL, NULL, NULL);
PRAGMA application_id = 1414678870;
PRAGMA user_version = 1;
