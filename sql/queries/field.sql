-- name: stations
-- Stations in service that offer a service, by id.
SELECT id, code, name, kind::text, hours, ST_X(geom), ST_Y(geom)
  FROM app.station
 WHERE district = %(district)s AND state = 'open' AND period @> now()
   AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
 ORDER BY id

-- name: streets
-- The named way that is nearest to each of some stations, within 80 m.
SELECT s.id, w.name
  FROM app.station AS s
 CROSS JOIN LATERAL (
   SELECT w.name
     FROM app.way AS w
    WHERE w.district = s.district AND w.period @> now() AND w.name <> ''
      AND w.geom && ST_Expand(s.geom, 0.001)
      AND ST_DWithin(w.geom::geography, s.geom::geography, 80)
    ORDER BY w.geom::geography <-> s.geom::geography, w.name COLLATE "C"
    LIMIT 1) AS w
 WHERE s.district = %(district)s AND s.id = ANY (%(ids)s)

-- name: grids
-- The grids within some metres of a point, the one it lies in first, then the nearest; whether the
-- actor has a right on each; its outline to a metre.
SELECT a.id, a.code, a.name, p.name, ST_Covers(v.geom, here.point) AS inside,
       a.id IN (SELECT app.realm(app.everyone())) AS mine,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(v.geom, 0.00001), 5)
  FROM (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) AS point) AS here
  JOIN app.area_version AS v ON v.district = %(district)s AND v.period @> now()
   AND v.geom && ST_Expand(here.point, %(degrees)s)
  JOIN app.area AS a ON a.district = v.district AND a.id = v.area AND a.level = 'grid'
  LEFT JOIN app.area AS p ON p.district = a.district AND p.id = a.parent
 WHERE ST_Covers(v.geom, here.point)
    OR ST_DWithin(v.geom::geography, here.point::geography, %(metres)s)
 ORDER BY inside DESC, ST_Distance(v.geom::geography, here.point::geography), a.code COLLATE "C"
 LIMIT %(most)s

-- name: area
-- The lowest area a point lies in.
SELECT a.level::text, a.code, a.name
  FROM app.area_version AS v
  JOIN app.area AS a ON a.district = v.district AND a.id = v.area
 WHERE v.district = %(district)s AND v.period @> now()
   AND ST_Covers(v.geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490))
 ORDER BY a.level, a.code COLLATE "C"
 LIMIT 1

-- name: outside
-- How far a point lies from the district [m].
SELECT min(ST_Distance(v.geom::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490)::geography))
  FROM app.area_version AS v
  JOIN app.area AS a ON a.district = v.district AND a.id = v.area AND a.level = 'district'
 WHERE v.district = %(district)s AND v.period @> now()

-- name: responsible
-- Who answers for some grids: their grid member, else who stands in.
SELECT grid, role, name, stands_in FROM app.responsible(%(district)s, %(grids)s::bigint[])
