-- The background of somebody else that a district has switched on.

CREATE TABLE app.basemap (
  district  text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id        bigint GENERATED ALWAYS AS IDENTITY,
  kind      text NOT NULL CHECK (kind IN ('tianditu', 'tiles')),
  datum     text NOT NULL DEFAULT 'cgcs2000' CHECK (datum IN ('cgcs2000', 'wgs84', 'gcj02')),
  sets      text[] NOT NULL DEFAULT '{vec,cva,img,cia}'
            CHECK (sets <@ '{vec,cva,img,cia}' AND cardinality(sets) > 0),
  addresses jsonb CHECK (jsonb_typeof(addresses) = 'object'),
  token     text CHECK (token ~ '^[0-9A-Za-z_-]{8,200}$'),
  version   integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  UNIQUE (district),
  CHECK (CASE kind WHEN 'tianditu' THEN token IS NOT NULL ELSE addresses IS NOT NULL END)
);
COMMENT ON TABLE app.basemap IS 'Whose tiles lie under the map of a district; without a row our own ground';
COMMENT ON COLUMN app.basemap.datum IS 'Of the tiles'' pictures: those in GCJ-02 are shifted right';
COMMENT ON COLUMN app.basemap.sets IS 'vec a map, cva its labels, img imagery, cia its labels';
COMMENT ON COLUMN app.basemap.addresses IS 'By set, with {z} {x} {y} and {key}; only the administrator of the machine names them. Null: those of 天地图';
COMMENT ON COLUMN app.basemap.token IS 'The key the district was given: read by the service alone';
