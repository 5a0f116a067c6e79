-- What was brought in from files, with what it took to put it back.

CREATE TABLE app.import (
  district  text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id        bigint GENERATED ALWAYS AS IDENTITY,
  account   bigint DEFAULT nullif(current_setting('app.actor', true), '')::bigint,
  kind      text NOT NULL,
  file      text NOT NULL,
  datum     text NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  added     integer NOT NULL DEFAULT 0 CHECK (added >= 0),
  changed   integer NOT NULL DEFAULT 0 CHECK (changed >= 0),
  unchanged integer NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
  refused   jsonb NOT NULL DEFAULT '[]',
  undone    timestamptz,
  version   integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id)
);
COMMENT ON TABLE app.import IS 'A file that was brought in; it can be undone as a whole';
COMMENT ON COLUMN app.import.account IS 'Who brought it in; null: an administrator at the command line';
COMMENT ON COLUMN app.import.refused IS 'The rows left out: line, key and values of the reason';

CREATE TABLE app.import_row (
  district text NOT NULL,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  import   bigint NOT NULL,
  relation text NOT NULL,
  row_id   bigint NOT NULL,
  before   jsonb,
  after    integer NOT NULL,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, import) REFERENCES app.import (district, id) ON DELETE CASCADE
);
CREATE INDEX ON app.import_row (district, import);
COMMENT ON TABLE app.import_row IS 'A row that an import made or changed';
COMMENT ON COLUMN app.import_row.before IS 'The row as it was, shapes in well-known binary; null: the import made it';
COMMENT ON COLUMN app.import_row.after IS 'The version the import gave it: at another it has been changed since';
