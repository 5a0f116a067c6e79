-- Who is signed in, and who tried.

CREATE TABLE app.session (
  district text NOT NULL,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  account  bigint NOT NULL,
  token    bytea NOT NULL UNIQUE CHECK (length(token) = 32),
  opened   timestamptz NOT NULL DEFAULT now(),
  until    timestamptz NOT NULL DEFAULT now() + interval '12 hours',
  closed   timestamptz,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, account) REFERENCES app.account (district, id) ON DELETE CASCADE,
  CHECK (opened < until)
);
CREATE INDEX ON app.session (district, account);
COMMENT ON TABLE app.session IS 'An account signed in somewhere, until closed or at most twelve hours';
COMMENT ON COLUMN app.session.token IS 'sha256 of what the browser holds; the token itself is kept nowhere';

CREATE TABLE audit.attempt (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  account  bigint,
  mark     integer NOT NULL,
  address  inet,
  entered  bigint UNIQUE REFERENCES audit.attempt
);
CREATE INDEX ON audit.attempt (account, at);
CREATE INDEX ON audit.attempt (mark, at) WHERE account IS NULL;
CREATE INDEX ON audit.attempt (address, at);
COMMENT ON TABLE audit.attempt IS 'Somebody tried to sign in: noted before the password is looked at';
COMMENT ON COLUMN audit.attempt.account IS 'Null: no such login. What was typed is not kept: it may be a password';
COMMENT ON COLUMN audit.attempt.mark IS '16 bits of a keyed hash of the login typed: enough to lock, too few to know';
COMMENT ON COLUMN audit.attempt.entered IS 'This row says that the attempt of that id was let in';

CREATE INDEX ON audit.change (district, id);
