-- name: areas
-- What is stored of each kind and in force now, by code: what an export writes and an import compares.
SELECT a.id, a.version, a.code, a.level::text AS level, a.name, parent.code AS parent, a.tiled,
       v.id AS shape_id, ST_AsBinary(v.geom) AS geometry
  FROM app.area AS a
  LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
  LEFT JOIN app.area AS parent ON parent.district = a.district AND parent.id = a.parent
 WHERE a.district = %(district)s ORDER BY a.code COLLATE "C"

-- name: buildings
SELECT b.id, b.version, b.code, b.name, b.kind, b.floors, b.households, b.people, b.estimated,
       c.code AS compound, ST_AsBinary(b.doors) AS doors, ST_AsBinary(b.geom) AS geometry
  FROM app.building AS b LEFT JOIN app.compound AS c ON c.district = b.district AND c.id = b.compound
 WHERE b.district = %(district)s AND b.period @> now() ORDER BY b.code COLLATE "C"

-- name: stations
SELECT id, version, code, name, kind::text AS kind, services, hours, capacity, floor_area,
       state::text AS state, ST_AsBinary(geom) AS geometry
  FROM app.station WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: members
-- By area, name and home: a member has no code.
SELECT m.id, m.version, m.id AS yige_id, m.name, m.roles, m.skills, a.code AS area, b.code AS home, m.active
  FROM app.member AS m
  JOIN app.area AS a ON a.district = m.district AND a.id = m.area
  LEFT JOIN app.building AS b ON b.district = m.district AND b.id = m.home
 WHERE m.district = %(district)s
 ORDER BY a.code COLLATE "C", m.name COLLATE "C", b.code COLLATE "C" NULLS FIRST, m.id

-- name: ways
SELECT id, version, code, name, highway, bridge, tunnel, steps, foot::text AS foot,
       ST_AsBinary(geom) AS geometry
  FROM app.way WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: compounds
SELECT c.code, c.name, o.name AS branch, ST_AsBinary(c.geom) AS geometry
  FROM app.compound AS c
  LEFT JOIN app.organisation AS o ON o.district = c.district AND o.compound = c.id AND o.tier = 'branch'
 WHERE c.district = %(district)s AND c.period @> now() ORDER BY c.code COLLATE "C", o.id

-- name: gates
SELECT g.code, g.name, c.code AS compound, g.hours, g.passage::text AS passage, ST_AsBinary(g.geom) AS geometry
  FROM app.gate AS g LEFT JOIN app.compound AS c ON c.district = g.district AND c.id = g.compound
 WHERE g.district = %(district)s AND g.period @> now() ORDER BY g.code COLLATE "C"

-- name: barriers
SELECT code, kind, ST_AsBinary(geom) AS geometry
  FROM app.barrier WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: water
SELECT code, name, kind, ST_AsBinary(geom) AS geometry
  FROM app.water WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: land
SELECT code, name, kind, ST_AsBinary(geom) AS geometry
  FROM app.land WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: services
SELECT code, name FROM app.service WHERE district = %(district)s ORDER BY code COLLATE "C"

-- name: organisations
SELECT o.tier, o.name, a.code AS area, c.code AS compound
  FROM app.organisation AS o
  LEFT JOIN app.area AS a ON a.district = o.district AND a.id = o.area
  LEFT JOIN app.compound AS c ON c.district = o.district AND c.id = o.compound
 WHERE o.district = %(district)s ORDER BY o.tier, o.name COLLATE "C", o.id

-- name: assignments
-- Who serves what now; whom one may not see is not named.
SELECT s.role, m.id AS member, m.name, serving.code AS serving_station, a.code AS area, b.code AS building,
       st.code AS station, lower(s.period)::text AS since, s.note
  FROM app.assignment AS s
  LEFT JOIN app.member AS m ON m.district = s.district AND m.id = s.member
  LEFT JOIN app.station AS serving ON serving.district = s.district AND serving.id = s.serving_station
  LEFT JOIN app.area AS a ON a.district = s.district AND a.id = s.area
  LEFT JOIN app.building AS b ON b.district = s.district AND b.id = s.building
  LEFT JOIN app.station AS st ON st.district = s.district AND st.id = s.station
 WHERE s.district = %(district)s AND s.period @> now() ORDER BY s.id

-- name: ended
-- Codes of what is no longer in force.
SELECT code FROM app.{table} WHERE district = %(district)s AND NOT period @> now()

-- name: ids
-- The id of every code: a reference by code becomes one by id.
SELECT code, id FROM app.{table} WHERE district = %(district)s

-- name: named
-- Codes and names of what a cell may refer to.
SELECT code, name FROM app.{table} WHERE district = %(district)s

-- name: outline
-- The outline of the district; no row: it has none.
SELECT ST_AsBinary(v.geom)
  FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id
 WHERE a.district = %(district)s AND a.level = 'district' AND v.period @> now()

-- name: realm
-- What the actor may change: everything (null), or the whole district, areas by code, or a shape.
SELECT row_security_active('app.building'),
       %(district)s IN (SELECT app.whole_districts(%(roles)s::app.role[])),
       ARRAY(SELECT a.code FROM app.area AS a
              WHERE a.district = %(district)s AND a.id IN (SELECT app.realm(%(roles)s::app.role[]))),
       ST_AsBinary(app.realm_shape(%(roles)s::app.role[]))

-- name: stage
-- A table for the rows of a file, typed like the one they go to; `row_id` null: a new one.
CREATE TEMPORARY TABLE staged ON COMMIT DROP AS
SELECT 0 AS n, id AS row_id, {columns} FROM app.{table} WITH NO DATA

-- name: keep
-- Keep the rows that are about to change as they are, shapes in binary.
INSERT INTO app.import_row (district, import, relation, row_id, before, after)
SELECT t.district, %(import)s, %(relation)s, t.id, to_jsonb(t) {shapes}, t.version + 1
  FROM app.{table} AS t JOIN staged AS s ON s.row_id = t.id
 WHERE t.district = %(district)s
 ORDER BY s.n

-- name: change
UPDATE app.{table} AS t SET {assignments}
  FROM staged AS s WHERE t.district = %(district)s AND t.id = s.row_id

-- name: add
WITH made AS (
  INSERT INTO app.{table} (district, {columns} {period_column})
  SELECT %(district)s, {columns} {period} FROM staged WHERE row_id IS NULL ORDER BY n
  RETURNING district, id, version
)
INSERT INTO app.import_row (district, import, relation, row_id, after)
SELECT district, %(import)s, %(relation)s, id, version FROM made ORDER BY id

-- name: end
-- End the shapes that are about to be replaced.
UPDATE app.area_version AS t SET period = tstzrange(lower(t.period), now())
  FROM staged AS s WHERE t.district = %(district)s AND t.id = s.row_id

-- name: alone
-- One import at a time in a district, until the transaction ends: whether there is no other now.
SELECT pg_try_advisory_xact_lock(hashtext('yige.import.' || %(district)s))

-- name: wait
SELECT pg_advisory_xact_lock(hashtext('yige.import.' || %(district)s))

-- name: begin
INSERT INTO app.import (district, kind, file, datum) VALUES (%(district)s, %(kind)s, %(file)s, %(datum)s)
RETURNING id

-- name: finish
UPDATE app.import SET added = %(added)s, changed = %(changed)s, unchanged = %(unchanged)s,
       refused = %(refused)s, left_out = %(left_out)s
 WHERE district = %(district)s AND id = %(import)s

-- name: imports
-- Imports one may see, the last first.
SELECT i.id, i.kind, i.file, i.datum, i.at, a.name AS who, i.added, i.changed, i.unchanged,
       coalesce(i.left_out, jsonb_array_length(i.refused)) AS refused, i.undone
  FROM app.import AS i LEFT JOIN app.account AS a ON a.district = i.district AND a.id = i.account
 WHERE i.district = %(district)s
 ORDER BY i.id DESC LIMIT 200

-- name: refused
SELECT refused FROM app.import WHERE district = %(district)s AND id = %(import)s

-- name: lock
SELECT district, undone FROM app.import WHERE id = %(import)s FOR UPDATE

-- name: relations
SELECT relation, count(*), count(*) FILTER (WHERE before IS NULL) FROM app.import_row
 WHERE district = %(district)s AND import = %(import)s GROUP BY relation

-- name: touched
-- How many rows of an import were changed or removed since, and the code or name of one.
SELECT count(*), min(coalesce(to_jsonb(t) ->> 'code', to_jsonb(t) ->> 'name', r.row_id::text))
  FROM app.import_row AS r
  LEFT JOIN app.{table} AS t ON t.district = r.district AND t.id = r.row_id
 WHERE r.district = %(district)s AND r.import = %(import)s AND r.relation = %(relation)s
   AND t.version IS DISTINCT FROM r.after

-- name: unmake
DELETE FROM app.{table} AS t USING app.import_row AS r
 WHERE r.district = %(district)s AND r.import = %(import)s AND r.relation = %(relation)s
   AND r.before IS NULL AND t.district = r.district AND t.id = r.row_id

-- name: restore
UPDATE app.{table} AS t SET {assignments}
  FROM app.import_row AS r, jsonb_populate_record(NULL::app.{table}, r.before) AS s
 WHERE r.district = %(district)s AND r.import = %(import)s AND r.relation = %(relation)s
   AND r.before IS NOT NULL AND t.district = r.district AND t.id = r.row_id

-- name: relink
-- Let earlier imports of the same rows know the versions that the restored rows have now.
UPDATE app.import_row AS r SET after = t.version
  FROM app.import_row AS u JOIN app.{table} AS t ON t.district = u.district AND t.id = u.row_id
 WHERE u.district = %(district)s AND u.import = %(import)s AND u.relation = %(relation)s
   AND r.district = u.district AND r.relation = u.relation AND r.row_id = u.row_id AND r.import < u.import
   AND r.after = (u.before ->> 'version')::integer

-- name: undone
UPDATE app.import SET undone = now() WHERE district = %(district)s AND id = %(import)s

-- name: used
-- How many rows that an import made are in use by somebody's assignment.
SELECT count(*)
  FROM app.import_row AS r
  JOIN app.assignment AS a ON a.district = r.district AND a.{column} = r.row_id
 WHERE r.district = %(district)s AND r.import = %(import)s AND r.relation = %(relation)s AND r.before IS NULL
