-- One row a transaction, chained by digest; under it one row a change, or one a bulk statement.

CREATE TABLE audit.transaction (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid      xid8 NOT NULL UNIQUE DEFAULT pg_current_xact_id(),
  actor    bigint,
  login    text NOT NULL DEFAULT session_user,
  at       timestamptz NOT NULL DEFAULT now(),
  place    bigint UNIQUE,
  digest   bytea
);
COMMENT ON COLUMN audit.transaction.place IS 'Its place in the chain, given at commit';
COMMENT ON COLUMN audit.transaction.digest IS 'sha256 of the digest before it and of its own changes';

CREATE TABLE audit.change (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction bigint NOT NULL REFERENCES audit.transaction,
  relation    text NOT NULL,
  operation   text NOT NULL,
  district    text,
  row_id      bigint,
  before      jsonb,
  after       jsonb,
  rows        bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON audit.change (relation, row_id);
CREATE INDEX ON audit.change (transaction);
COMMENT ON COLUMN audit.change.rows IS 'More than one: a bulk statement, with counts and digests instead of the rows';
