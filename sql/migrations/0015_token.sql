-- What programs say instead of a password, to read as an account and to change nothing.

CREATE TABLE app.token (
  district text NOT NULL,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  account  bigint NOT NULL,
  name     text NOT NULL CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 60),
  token    bytea NOT NULL UNIQUE CHECK (length(token) = 32),
  made     timestamptz NOT NULL DEFAULT now(),
  until    timestamptz NOT NULL,
  closed   timestamptz,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, account) REFERENCES app.account (district, id) ON DELETE CASCADE,
  CHECK (made < until AND until <= made + interval '367 days')
);
CREATE INDEX ON app.token (district, account);
COMMENT ON TABLE app.token IS 'A program that may read as an account, until closed or to its end, a year at most';
COMMENT ON COLUMN app.token.token IS 'sha256 of what the program holds; the token itself is kept nowhere';

CREATE TABLE audit.use (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  token    bigint NOT NULL,
  address  inet
);
CREATE INDEX ON audit.use (token, at);
COMMENT ON TABLE audit.use IS 'A program read with a token: a row for each address and quarter of an hour';
