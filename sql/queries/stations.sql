-- name: all
-- The stations of a district by code; whether each is open at a minute of the week.
SELECT id, code, name, kind::text, services, hours, state = 'open' AND open @> %(minute)s::integer,
       state::text, capacity, floor_area, ST_X(geom), ST_Y(geom)
  FROM app.station
 WHERE district = %(district)s AND period @> now()
   AND (%(id)s::bigint IS NULL OR id = %(id)s)
   AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
 ORDER BY code COLLATE "C"

-- name: areas
-- The areas a station stands in, the lowest first.
SELECT DISTINCT ON (a.level) a.level::text, a.code, a.name
  FROM app.station AS s
  JOIN app.area_version AS v ON v.district = s.district AND v.period @> now()
   AND v.geom && s.geom AND ST_Covers(v.geom, s.geom)
  JOIN app.area AS a ON a.district = v.district AND a.id = v.area
 WHERE s.district = %(district)s AND s.id = %(id)s
 ORDER BY a.level, a.code COLLATE "C"
