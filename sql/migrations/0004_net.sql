-- Derived tables. Each district is a partition, built aside and then attached, so that a rebuild
-- is one step and readers never see half of it.

-- What changed since what is derived was built. Editors only add rows here, so none of them waits for
-- another or for a rebuild; a rebuild takes away the rows it can see, and then reads the tables.
CREATE TABLE net.stale (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  what     text NOT NULL CHECK (what IN ('walk', 'place')),
  xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (district, what, xid)
);
COMMENT ON TABLE net.stale IS 'Transactions that changed what the network (walk) or the placement of buildings (place) is built of';

CREATE TABLE net.freshness (
  district text PRIMARY KEY REFERENCES app.district ON DELETE CASCADE,
  edge     bigint NOT NULL,
  place    bigint NOT NULL,
  until    timestamptz NOT NULL DEFAULT 'infinity'
);
COMMENT ON TABLE net.freshness IS 'Versions of what is derived; who rebuilds locks the row';
COMMENT ON COLUMN net.freshness.edge IS 'Version of the network, of the pack and of reach; never used twice';
COMMENT ON COLUMN net.freshness.place IS 'Version of the placement of buildings in areas; never used twice';
COMMENT ON COLUMN net.freshness.until IS 'When the next period begins or ends: what is derived is out of date from then on';

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
COMMENT ON TABLE net.node IS 'Ends and junctions of ways, and gates; where edges meet';
COMMENT ON TABLE net.edge IS 'A piece of way between two nodes';
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

COMMENT ON TABLE net.access IS 'Where a building or station (ref) meets an edge, and the length of its connector';

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
CREATE INDEX ON net.placement (area, building);
COMMENT ON TABLE net.placement IS 'In which area of each level a building lies';

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
COMMENT ON TABLE net.variant IS 'A state of the network for which reach is kept: the gates shut, steps or none';
COMMENT ON COLUMN net.variant.limit_cm IS 'How far its reach goes';
COMMENT ON COLUMN net.variant.edge IS 'The network (net.freshness.edge) its reach was computed on';

CREATE TABLE net.reach (
  district text NOT NULL,
  variant  integer NOT NULL,
  building bigint NOT NULL,
  station  bigint NOT NULL,
  cost_cm  integer NOT NULL
) PARTITION BY LIST (district);
COMMENT ON TABLE net.reach IS 'What it costs to walk from a building to a station; below a district partitioned by variant';

-- Areas whose tiling is to be checked when the transaction commits.
CREATE TABLE net.tiling_check (
  xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
  district text NOT NULL,
  area     bigint NOT NULL,
  since    timestamptz NOT NULL,
  PRIMARY KEY (xid, district, area)
);
COMMENT ON TABLE net.tiling_check IS 'A queue of each transaction: empty in between';

-- Two transactions may not check one area at once: each would see the other's vertex where it was.
CREATE TABLE net.tiling_lock (
  district text NOT NULL,
  area     bigint NOT NULL,
  checks   bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (district, area),
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE
);
COMMENT ON TABLE net.tiling_lock IS 'Written by each check of the children of an area, so that checks queue';
