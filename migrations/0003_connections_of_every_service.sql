-- Roles of AWS and Google's storage.

-- Services are checked by the table, so it is made anew (foreign keys are off while migrations run,
-- and checked after each).
CREATE TABLE connections_new (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    service    TEXT NOT NULL CHECK (service IN ('s3', 's3_iamrole', 'gcs_hmac', 'gcs', 'gcs_service_account', 'local')),
    settings   TEXT NOT NULL CHECK (json_valid(settings)),
    secrets    BLOB NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
INSERT INTO connections_new (id, name, service, settings, secrets, created_at, updated_at)
SELECT id, name, service, settings, secrets, created_at, updated_at
FROM connections;
DROP TABLE connections;
ALTER TABLE connections_new RENAME TO connections;

-- What belongs to this Sluice as a whole; one row, made when it is first asked for.
CREATE TABLE workspace (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    external_id TEXT NOT NULL CHECK (length(external_id) >= 16), -- that AWS roles ask for in their trust policy
    created_at  TEXT NOT NULL CHECK (created_at GLOB '????-??-?? ??:??:??.??????')
) STRICT;
