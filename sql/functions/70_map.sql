-- One view for each layer of the map, under the rights of who asks: what is in force now, with `zoom`,
-- the first zoom of the tiles that show the row (ui.md, "What is drawn when"; a tile of 512 pixels
-- is one zoom below the Leaflet zoom named there).

DROP VIEW IF EXISTS map.land, map.water, map.way, map.barrier, map.compound, map.building, map.door,
  map.gate, map.area, map.station;

CREATE VIEW map.land WITH (security_invoker = true) AS
SELECT district, id, CASE kind WHEN 'park' THEN 10 ELSE 12 END AS zoom, code, name, kind, geom
  FROM app.land
 WHERE period @> now();
COMMENT ON VIEW map.land IS 'Parks, fields, schools, villages: the ground';

CREATE VIEW map.water WITH (security_invoker = true) AS
SELECT district, id, 0 AS zoom, code, name, kind, geom
  FROM app.water
 WHERE period @> now();
COMMENT ON VIEW map.water IS 'Rivers and lakes';

CREATE VIEW map.way WITH (security_invoker = true) AS
SELECT district, id,
       CASE WHEN highway IN ('motorway', 'trunk', 'primary', 'secondary') THEN 0
            WHEN highway IN ('tertiary', 'unclassified', 'residential') THEN 12
            WHEN highway IN ('living_street', 'service', 'pedestrian') THEN 14
            ELSE 15 END AS zoom,
       code, name, highway, bridge, tunnel, steps, foot::text AS foot, geom
  FROM app.way
 WHERE period @> now();
COMMENT ON VIEW map.way IS 'Roads and paths';

CREATE VIEW map.barrier WITH (security_invoker = true) AS
SELECT district, id, CASE kind WHEN 'railway' THEN 0 ELSE 13 END AS zoom, code, kind, geom
  FROM app.barrier
 WHERE period @> now();
COMMENT ON VIEW map.barrier IS 'Railways, walls, fences';

CREATE VIEW map.compound WITH (security_invoker = true) AS
SELECT district, id, 12 AS zoom, code, name, geom
  FROM app.compound
 WHERE period @> now();
COMMENT ON VIEW map.compound IS 'Walled estates';

CREATE VIEW map.building WITH (security_invoker = true) AS
SELECT district, id, 13 AS zoom, code, name, kind, floors, households, people, estimated, compound, geom
  FROM app.building
 WHERE period @> now();
COMMENT ON VIEW map.building IS 'Buildings with counts of households and people';

CREATE VIEW map.door WITH (security_invoker = true) AS
SELECT district, id, 16 AS zoom, code, doors AS geom
  FROM app.building
 WHERE period @> now() AND doors IS NOT NULL;
COMMENT ON VIEW map.door IS 'The doors of a building, under its id';

CREATE VIEW map.gate WITH (security_invoker = true) AS
SELECT district, id, 14 AS zoom, code, name, compound, hours, open::text AS open, passage::text AS passage, geom
  FROM app.gate
 WHERE period @> now();
COMMENT ON VIEW map.gate IS 'Gates with their hours; open: minutes of the week from Monday 00:00';

CREATE VIEW map.area WITH (security_invoker = true) AS
SELECT a.district, a.id,
       CASE a.level WHEN 'district' THEN 0 WHEN 'subdistrict' THEN 0 WHEN 'community' THEN 9 ELSE 10 END AS zoom,
       a.code, a.level::text AS level, a.name, parent.code AS parent, v.geom
  FROM app.area AS a
  JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id
  LEFT JOIN app.area AS parent ON parent.district = a.district AND parent.id = a.parent
 WHERE v.period @> now();
COMMENT ON VIEW map.area IS 'District, subdistricts, communities and grids in force';

CREATE VIEW map.station WITH (security_invoker = true) AS
SELECT district, id, 11 AS zoom, code, name, kind::text AS kind, array_to_string(services, ',') AS services, hours,
       open::text AS open, capacity, floor_area, state::text AS state, geom
  FROM app.station
 WHERE period @> now();
COMMENT ON VIEW map.station IS 'Service stations; open: minutes of the week from Monday 00:00';
