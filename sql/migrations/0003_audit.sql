-- One row a transaction, chained by digest; under it one row a change, or one a bulk statement.

CREATE TABLE audit.transaction (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor    bigint,
  login    text NOT NULL DEFAULT session_user,
  at       timestamptz NOT NULL DEFAULT now(),
  place    bigint UNIQUE,
  digest   bytea,
  UNIQUE (xid, at)
);
COMMENT ON TABLE audit.transaction IS 'Who changed something, and when';
COMMENT ON COLUMN audit.transaction.xid IS 'Counted anew where a backup is restored; unique only together with the time';
COMMENT ON COLUMN audit.transaction.actor IS 'The account (app.account.id) that acted; null: an administrator or a program';
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
COMMENT ON TABLE audit.change IS 'What was changed, before and after';
COMMENT ON COLUMN audit.change.rows IS 'More than one: a bulk statement, with counts and digests instead of the rows';

-- The end of the chain. Commits that changed something queue for this row.
CREATE TABLE audit.head (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  place  bigint NOT NULL DEFAULT 0,
  digest bytea
);
INSERT INTO audit.head DEFAULT VALUES;
COMMENT ON TABLE audit.head IS 'The last link: a chain that was cut short does not reach it';

-- Transactions whose changes are to be chained when they commit.
CREATE TABLE audit.unchained (
  transaction bigint PRIMARY KEY,
  last        boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE audit.unchained IS 'A queue of each transaction: empty in between';
COMMENT ON COLUMN audit.unchained.last IS 'The other checks of the commit have been queued before it';
