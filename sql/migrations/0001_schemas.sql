-- The four schemas, the words of the domain as types, and the district.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA app;
CREATE SCHEMA net;
CREATE SCHEMA map;
CREATE SCHEMA audit;

COMMENT ON SCHEMA app IS 'Truth: what people enter or import';
COMMENT ON SCHEMA net IS 'Derived from app and rebuildable: walking network, reach, placement';
COMMENT ON SCHEMA map IS 'One view for each layer of the map';
COMMENT ON SCHEMA audit IS 'Who changed what, and when: append only';

-- Ascending, so that level > 'grid' reads.
CREATE TYPE app.level AS ENUM ('grid', 'community', 'subdistrict', 'district');
CREATE TYPE app.role AS ENUM ('field', 'official', 'dispatcher', 'planner', 'admin');
CREATE TYPE app.station_kind AS ENUM ('centre', 'community', 'post', 'shared');
CREATE TYPE app.station_state AS ENUM ('planned', 'open', 'closed');
CREATE TYPE app.passage AS ENUM ('both', 'in', 'out');
CREATE TYPE app.foot AS ENUM ('both', 'forward', 'backward');

-- When a row is in force: from a moment on, up to but not including another, so that periods join.
CREATE DOMAIN app.period AS tstzrange CONSTRAINT half_open CHECK (
  (lower_inc(VALUE) OR lower_inf(VALUE)) AND NOT upper_inc(VALUE) AND NOT isempty(VALUE));

CREATE TABLE app.district (
  code      text PRIMARY KEY CHECK (code ~ '^[0-9]{6}$'),
  name      text NOT NULL CHECK (name <> ''),
  longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  latitude  double precision NOT NULL CHECK (latitude BETWEEN -85 AND 85),
  zone      text NOT NULL DEFAULT 'Asia/Shanghai',
  sample    boolean NOT NULL DEFAULT false,
  origin    text NOT NULL DEFAULT '',
  data_date date NOT NULL,
  snap_m    double precision NOT NULL DEFAULT 100 CHECK (snap_m > 0),
  version   integer NOT NULL DEFAULT 1
);
COMMENT ON TABLE app.district IS 'A county or city district (县、区): the unit of import, of rights and of distribution';
COMMENT ON COLUMN app.district.longitude IS 'Centre of the metre plane (transverse Mercator, scale 1)';
COMMENT ON COLUMN app.district.sample IS 'Generated sample data: marked 示例数据 wherever shown';
COMMENT ON COLUMN app.district.origin IS 'Where the data come from: generator and seed, or file';
COMMENT ON COLUMN app.district.snap_m IS 'Longest connector from a door to a way, in metres';
COMMENT ON COLUMN app.district.version IS 'Moves with every update of the row; so in every table of app';
