-- Derived tables. Each district is a partition, built aside and then attached, so that a rebuild
-- is one step and readers never see half of it.

-- What has changed since what was built: counters, moved by triggers on the tables of app.
CREATE TABLE net.freshness (
  district    text PRIMARY KEY REFERENCES app.district ON DELETE CASCADE,
  walk        bigint NOT NULL DEFAULT 1,
  walk_built  bigint NOT NULL DEFAULT 0,
  place       bigint NOT NULL DEFAULT 1,
  place_built bigint NOT NULL DEFAULT 0,
  edge        bigint NOT NULL DEFAULT 0
);
COMMENT ON COLUMN net.freshness.walk IS 'Moves when a way, gate, barrier, water, compound, building or station changes';
COMMENT ON COLUMN net.freshness.place IS 'Moves when an area or a building changes';
COMMENT ON COLUMN net.freshness.edge IS 'Moves when the network itself changes: the version of the pack';

CREATE TABLE net.node (
  district text NOT NULL,
  id       integer NOT NULL,
  gate     bigint,
  geom     geometry(Point, 4490) NOT NULL
) PARTITION BY LIST (district);

CREATE TABLE net.edge (
  district    text NOT NULL,
  id          integer NOT NULL,
  source      integer NOT NULL,
  target      integer NOT NULL,
  length_cm   integer NOT NULL CHECK (length_cm >= 0),
  forward_cm  integer NOT NULL CHECK (forward_cm >= -1),
  backward_cm integer NOT NULL CHECK (backward_cm >= -1),
  way         bigint NOT NULL,
  inside      bigint,
  steps       boolean NOT NULL,
  component   integer NOT NULL,
  geom        geometry(LineString, 4490) NOT NULL
) PARTITION BY LIST (district);
COMMENT ON COLUMN net.edge.forward_cm IS 'Cost from source to target with every gate open; -1: closed that way';
COMMENT ON COLUMN net.edge.inside IS 'The compound in which its middle lies';
COMMENT ON COLUMN net.edge.component IS 'Connected piece with every gate open; 0 is the one with the most nodes';

CREATE TABLE net.access (
  district       text NOT NULL,
  kind           text NOT NULL,
  ref            bigint NOT NULL,
  edge           integer NOT NULL,
  from_source_cm integer NOT NULL,
  connector_cm   integer NOT NULL
) PARTITION BY LIST (district);

CREATE TABLE net.unconnected (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  building bigint NOT NULL,
  PRIMARY KEY (district, building)
);
COMMENT ON TABLE net.unconnected IS 'Buildings without access to the largest component or to one with a station';

CREATE TABLE net.placement (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  building bigint NOT NULL,
  area     bigint NOT NULL,
  PRIMARY KEY (district, building, area)
);
CREATE INDEX ON net.placement (district, area);

CREATE TABLE net.variant (
  district  text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id        integer NOT NULL,
  shut      bigint[] NOT NULL,
  step_free boolean NOT NULL,
  edge      bigint NOT NULL DEFAULT 0,
  limit_cm  integer NOT NULL DEFAULT 0,
  used      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, id),
  UNIQUE (district, step_free, shut)
);
COMMENT ON COLUMN net.variant.limit_cm IS 'How far its reach goes';
COMMENT ON COLUMN net.variant.edge IS 'The network (net.freshness.edge) its reach was computed on';

CREATE TABLE net.reach (
  district text NOT NULL,
  variant  integer NOT NULL,
  building bigint NOT NULL,
  station  bigint NOT NULL,
  cost_cm  integer NOT NULL
) PARTITION BY LIST (district);

-- Areas whose tiling is to be checked when the transaction commits.
CREATE TABLE net.tiling_check (
  district text NOT NULL,
  area     bigint NOT NULL,
  since    timestamptz NOT NULL,
  xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (district, area, xid)
);
