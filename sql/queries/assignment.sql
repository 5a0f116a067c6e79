-- name: area
-- An area in which one has a right; a connection that no policy binds sees all.
SELECT id, code, name, level::text
  FROM app.area
 WHERE district = %(district)s AND code = %(key)s
   AND (NOT row_security_active('app.area') OR id IN (SELECT app.realm(app.everyone())))

-- name: building
SELECT id, code, name, 'building'
  FROM app.building
 WHERE district = %(district)s AND id = %(key)s AND period @> now()

-- name: station
SELECT id, code, name, 'station'
  FROM app.station
 WHERE district = %(district)s AND code = %(key)s AND period @> now()
   AND (NOT row_security_active('app.station') OR id IN (SELECT app.placed_stations(app.everyone())))

-- name: may
-- Whether one may change who serves an area, a building or a station.
SELECT NOT row_security_active('app.assignment')
    OR CASE %(kind)s WHEN 'area' THEN %(id)s IN (SELECT app.realm('{dispatcher,planner,admin}'))
                     WHEN 'building' THEN %(id)s IN (SELECT app.placed_buildings('{dispatcher,planner,admin}'))
                     ELSE %(id)s IN (SELECT app.placed_stations('{dispatcher,planner,admin}')) END

-- name: serving
-- Who serves some targets now, by post and name.
SELECT id, version, role, area, building, station, member, serving_station, name, since, until
  FROM app.serving(%(district)s, %(area)s::bigint[], %(building)s::bigint[], %(station)s::bigint[])

-- name: lock
-- An assignment, kept from others until commit; empty: not there, or not to be changed.
SELECT id, version, role, member, serving_station, area, building, station, lower(period) AS since,
       upper(period) AS until, note
  FROM app.assignment
 WHERE district = %(district)s AND id = %(id)s
   FOR UPDATE

-- name: seen
SELECT 1 FROM app.assignment WHERE district = %(district)s AND id = %(id)s

-- name: now
SELECT now()

-- name: add
INSERT INTO app.assignment (district, role, member, serving_station, area, building, station, period, note)
VALUES (%(district)s, %(role)s, %(member)s, %(serving_station)s, %(area)s, %(building)s, %(station)s,
        tstzrange(%(since)s, %(until)s), %(note)s)
RETURNING id, version

-- name: restore
-- Put back a row that is gone, as the audit has it.
INSERT INTO app.assignment (district, id, role, member, serving_station, area, building, station, period, note, version)
OVERRIDING SYSTEM VALUE
SELECT district, id, role, member, serving_station, area, building, station, period, note, version + 1
  FROM jsonb_populate_record(NULL::app.assignment, %(state)s)
RETURNING id, version

-- name: rewrite
-- Give a row the state the audit has of it.
UPDATE app.assignment AS a
   SET (role, member, serving_station, area, building, station, period, note)
     = (s.role, s.member, s.serving_station, s.area, s.building, s.station, s.period, s.note)
  FROM jsonb_populate_record(NULL::app.assignment, %(state)s) AS s
 WHERE a.district = s.district AND a.id = s.id
RETURNING a.id, a.version

-- name: change
UPDATE app.assignment
   SET period = tstzrange(%(since)s, %(until)s), note = %(note)s
 WHERE district = %(district)s AND id = %(id)s
RETURNING id, version

-- name: delete
DELETE FROM app.assignment WHERE district = %(district)s AND id = %(id)s
