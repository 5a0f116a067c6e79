-- What a district is made of. Every row belongs to a district, which is the unit of distribution.

CREATE TABLE app.area (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  level    app.level NOT NULL,
  code     text NOT NULL,
  name     text NOT NULL CHECK (name <> ''),
  parent   bigint,
  tiled    boolean NOT NULL DEFAULT false,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code),
  FOREIGN KEY (district, parent) REFERENCES app.area (district, id),
  CHECK ((level = 'district') = (parent IS NULL)),
  CHECK (code ~ CASE level WHEN 'district' THEN '^[0-9]{6}$' WHEN 'subdistrict' THEN '^[0-9]{9}$'
                           WHEN 'community' THEN '^[0-9]{12}$' ELSE '^[0-9]{15}$' END)
);
CREATE INDEX ON app.area (district, parent);
COMMENT ON TABLE app.area IS 'A district, subdistrict, community or grid as an identity: one tree; its shapes are in area_version';
COMMENT ON COLUMN app.area.tiled IS 'Its children tile it exactly; checked at commit';

CREATE TABLE app.area_version (
  district text NOT NULL,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  area     bigint NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE,
  EXCLUDE USING gist (district WITH =, area WITH =, period WITH &&)
);
CREATE INDEX ON app.area_version (district, area);
CREATE INDEX ON app.area_version USING gist (geom);
COMMENT ON TABLE app.area_version IS 'The shape of an area in a period; one at a time';

CREATE TABLE app.compound (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(Polygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.compound USING gist (geom);
COMMENT ON TABLE app.compound IS 'A walled estate (小区)';

CREATE TABLE app.organisation (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  tier     text NOT NULL,
  name     text NOT NULL CHECK (name <> ''),
  area     bigint,
  compound bigint,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, compound) REFERENCES app.compound (district, id) ON DELETE CASCADE
);
CREATE INDEX ON app.organisation (district, compound);
CREATE INDEX ON app.organisation (district, area);
COMMENT ON TABLE app.organisation IS 'A party organisation (党组织) of any tier, of an area or of a compound';
COMMENT ON COLUMN app.organisation.tier IS 'branch: the branch of a compound (小区党支部)';

CREATE TABLE app.building (
  district   text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  code       text NOT NULL,
  name       text NOT NULL,
  kind       text NOT NULL,
  floors     integer NOT NULL CHECK (floors >= 0),
  households integer NOT NULL CHECK (households >= 0),
  people     integer NOT NULL CHECK (people >= 0),
  estimated  boolean NOT NULL,
  compound   bigint,
  period     app.period NOT NULL,
  geom       geometry(Geometry, 4490) NOT NULL
             CHECK (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON', 'POINT') AND ST_IsValid(geom)),
  doors      geometry(MultiPoint, 4490),
  place      geometry(Point, 4490) NOT NULL GENERATED ALWAYS AS (ST_PointOnSurface(geom)) STORED,
  version    integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code),
  FOREIGN KEY (district, compound) REFERENCES app.compound (district, id)
);
CREATE INDEX ON app.building (district, compound);
CREATE INDEX ON app.building USING gist (geom);
CREATE INDEX ON app.building USING gist (place);
CREATE INDEX ON app.building USING gist (doors);
COMMENT ON TABLE app.building IS 'A building (楼栋) with counts of households and people, never residents';
COMMENT ON COLUMN app.building.doors IS 'Where people leave it; null: its outline counts';
COMMENT ON COLUMN app.building.estimated IS 'Households and people are estimates (outline x floors / setting)';
COMMENT ON COLUMN app.building.place IS 'The point that says in which area the building lies';
COMMENT ON COLUMN app.building.geom IS 'Outline; a point only for demand seeded along the ways';

CREATE TABLE app.gate (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL,
  compound bigint,
  open     int4multirange NOT NULL CHECK (open <@ '{[0,10080)}'::int4multirange),
  hours    text NOT NULL,
  passage  app.passage NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(Point, 4490) NOT NULL,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code),
  FOREIGN KEY (district, compound) REFERENCES app.compound (district, id)
);
CREATE INDEX ON app.gate (district, compound);
CREATE INDEX ON app.gate USING gist (geom);
COMMENT ON TABLE app.gate IS 'A gate; it works where it stands exactly on a vertex of a way';
COMMENT ON COLUMN app.gate.open IS 'Minutes of the week when it is open, Monday 00:00 is 0: what counts';
COMMENT ON COLUMN app.gate.hours IS 'The same for people to read; changing it alone changes no figure';
COMMENT ON COLUMN app.gate.passage IS 'in, out: only into, only out of its compound';

CREATE TABLE app.barrier (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  kind     text NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(LineString, 4490) NOT NULL,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.barrier USING gist (geom);
COMMENT ON TABLE app.barrier IS 'What no connector from a door to a way may cross: wall, fence, railway';

CREATE TABLE app.water (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL,
  kind     text NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.water USING gist (geom);
COMMENT ON TABLE app.water IS 'What no connector may cross and no station may stand in';

CREATE TABLE app.land (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL,
  kind     text NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.land USING gist (geom);
COMMENT ON TABLE app.land IS 'What the ground is used for: a picture, counted with nowhere';

CREATE TABLE app.way (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL,
  highway  text NOT NULL,
  bridge   boolean NOT NULL,
  tunnel   boolean NOT NULL,
  steps    boolean NOT NULL,
  foot     app.foot NOT NULL,
  period   app.period NOT NULL,
  geom     geometry(LineString, 4490) NOT NULL,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.way USING gist (geom);
COMMENT ON TABLE app.way IS 'A road or path; ways connect where they share a vertex exactly';
COMMENT ON COLUMN app.way.foot IS 'forward, backward: walkable only along, only against its line';

CREATE TABLE app.service (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  code     text NOT NULL,
  name     text NOT NULL CHECK (name <> ''),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
COMMENT ON TABLE app.service IS 'What stations offer: the categories, editable';

CREATE TABLE app.station (
  district   text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  code       text NOT NULL,
  name       text NOT NULL CHECK (name <> ''),
  kind       app.station_kind NOT NULL,
  services   text[] NOT NULL,
  open       int4multirange NOT NULL CHECK (open <@ '{[0,10080)}'::int4multirange),
  hours      text NOT NULL,
  capacity   integer CHECK (capacity >= 0),
  floor_area double precision CHECK (floor_area > 0),
  state      app.station_state NOT NULL,
  period     app.period NOT NULL,
  geom       geometry(Point, 4490) NOT NULL,
  version    integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code)
);
CREATE INDEX ON app.station USING gist (geom);
COMMENT ON TABLE app.station IS 'A service station (党群服务中心、服务站、驿站)';
COMMENT ON COLUMN app.station.services IS 'Codes of app.service';
COMMENT ON COLUMN app.station.open IS 'Minutes of the week when it is open, Monday 00:00 is 0: what counts';
COMMENT ON COLUMN app.station.hours IS 'The same for people to read; changing it alone changes no figure';
COMMENT ON COLUMN app.station.capacity IS 'Households it can serve; null: no limit known';
COMMENT ON COLUMN app.station.floor_area IS 'Square metres';

-- A profile is how one walks and what is asked: limits in whole minutes; a band reaches as far as the
-- speed carries in its minutes, or as far as a standard's own distance says.
CREATE TABLE app.profile (
  district       text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id             bigint GENERATED ALWAYS AS IDENTITY,
  code           text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  name           text NOT NULL CHECK (name <> ''),
  speed_cm_per_h integer NOT NULL CHECK (speed_cm_per_h BETWEEN 10000 AND 2000000),
  minutes        integer NOT NULL CHECK (minutes BETWEEN 1 AND 120),
  bands          integer[] NOT NULL DEFAULT '{5,10,15,20}',
  limits_cm      integer[],
  version        integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district, code),
  CHECK (minutes = ANY (bands)),
  CHECK (limits_cm IS NULL OR cardinality(limits_cm) = cardinality(bands))
);
COMMENT ON TABLE app.profile IS 'How one walks and what is asked for: speed, minutes, bands';
COMMENT ON COLUMN app.profile.bands IS 'Minutes, ascending; each gets its own figures';
COMMENT ON COLUMN app.profile.limits_cm IS 'Distance of each band, where a standard names one; null: speed x minutes';

CREATE TABLE app.account (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  login    text NOT NULL CHECK (login <> ''),
  name     text NOT NULL CHECK (name <> ''),
  password text,
  active   boolean NOT NULL DEFAULT true,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (login)
);
COMMENT ON TABLE app.account IS 'Who may sign in';
COMMENT ON COLUMN app.account.password IS 'argon2 hash; null: cannot sign in';

CREATE TABLE app."grant" (
  district text NOT NULL,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  account  bigint NOT NULL,
  role     app.role NOT NULL,
  area     bigint NOT NULL,
  period   app.period NOT NULL DEFAULT tstzrange(now(), NULL),
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, account) REFERENCES app.account (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE
);
CREATE INDEX ON app."grant" (account);
CREATE INDEX ON app."grant" (district, account);
CREATE INDEX ON app."grant" (district, area);
COMMENT ON TABLE app."grant" IS 'A role of an account on an area and all areas below it';
