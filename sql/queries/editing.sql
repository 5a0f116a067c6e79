-- name: make
-- Put in a row in force from now on.
INSERT INTO app.{table} (district, period, {columns})
SELECT %(district)s, tstzrange(now(), NULL), {columns} FROM jsonb_populate_record(NULL::app.{table}, %(state)s)
RETURNING id, version

-- name: change
-- Give a row new values of some columns.
UPDATE app.{table} AS t
   SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::app.{table}, %(state)s))
 WHERE t.district = %(district)s AND t.id = %(id)s
RETURNING id, version

-- name: end
UPDATE app.{table} SET period = tstzrange(lower(period), now())
 WHERE district = %(district)s AND id = %(id)s AND lower(period) < now()
RETURNING id, version

-- name: take_away
DELETE FROM app.{table} WHERE district = %(district)s AND id = %(id)s

-- name: restore
-- Put back a row that is gone, as the audit has it.
INSERT INTO app.{table} (district, id, version, {columns})
OVERRIDING SYSTEM VALUE
SELECT district, id, version + 1, {columns} FROM jsonb_populate_record(NULL::app.{table}, %(state)s)
RETURNING id, version

-- name: lock
-- A row, kept from others until commit; empty: not there, or not to be changed.
SELECT id, version, upper(period) <= now() FROM app.{table}
 WHERE district = %(district)s AND id = %(id)s
   FOR UPDATE

-- name: edits
-- The last change of a row, and of ways that were changed with it.
SELECT relation, id, at, who, before, after, with_it
  FROM app.last_edit(%(district)s, %(table)s, %(id)s)

-- name: outside
-- Whether a shape lies outside the district, all of it.
SELECT NOT EXISTS (
  SELECT FROM app.area AS a
    JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
   WHERE a.district = %(district)s AND a.level = 'district'
     AND v.geom && s.geom AND ST_Intersects(v.geom, s.geom))
  FROM (SELECT %(shape)s::geometry AS geom) AS s

-- name: water_at
SELECT coalesce(nullif(name, ''), kind) FROM app.water
 WHERE district = %(district)s AND period @> now() AND geom && %(shape)s::geometry AND ST_Intersects(geom, %(shape)s::geometry)
 LIMIT 1

-- name: gate_at
SELECT name, code FROM app.gate
 WHERE district = %(district)s AND period @> now() AND geom && %(shape)s::geometry AND id IS DISTINCT FROM %(id)s
 LIMIT 1

-- name: ways_near
-- The ways around a point.
SELECT id, ST_AsBinary(geom) FROM app.way
 WHERE district = %(district)s AND period @> now()
   AND geom && ST_Expand(%(shape)s::geometry, %(degrees)s) AND id IS DISTINCT FROM %(id)s
 ORDER BY id

-- name: compound_of
SELECT id FROM app.compound WHERE district = %(district)s AND code = %(code)s AND period @> now()

-- name: services
SELECT code FROM app.service WHERE district = %(district)s ORDER BY code

-- name: rights
-- Whether the actor edits the whole district, and any part of it.
SELECT %(district)s IN (SELECT app.whole_districts('{planner,admin}')),
       %(district)s IN (SELECT app.districts('{planner,admin}'))

-- name: drawn
-- Things in force with their exact shapes, and whether the actor may change them.
SELECT t.id, t.version, t.code, {may}, ST_AsGeoJSON(t.geom, 9, 0), {columns}
  FROM app.{table} AS t
 WHERE t.district = %(district)s AND t.period @> now() AND {where}
 ORDER BY t.id
 LIMIT %(most)s

-- name: may_whole
t.district IN (SELECT app.whole_districts('{planner,admin}'))

-- name: may_placed
(t.district IN (SELECT app.whole_districts('{planner,admin}'))
  OR t.district IN (SELECT app.districts('{planner,admin}'))
 AND coalesce(ST_Intersects((SELECT app.realm_shape('{planner,admin}')), ST_PointOnSurface(t.geom)), false))

-- name: code_of_compound
(SELECT c.code FROM app.compound AS c WHERE c.district = t.district AND c.id = t.compound)

-- name: recent
-- The last changes by people of what is on the map.
SELECT transaction, relation, id, at, who, operation, before, after, last
  FROM app.recent_edits(%(district)s, %(most)s)

-- name: buildings
-- What buildings are called and where they lie, those that have ended too.
SELECT id, name, ST_X(place), ST_Y(place) FROM app.building WHERE id = ANY (%(ids)s)
