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

-- name: nearest_to
-- The buildings that have no cheaper way to another station that counts (of equal ones the first
-- code is nearer), within a limit: counts. rank: the stations that count, by code.
WITH own AS (
  SELECT building, cost_cm
    FROM net.reach
   WHERE district = %(district)s AND variant = %(variant)s AND station = %(id)s AND cost_cm <= %(limit_cm)s
)
SELECT count(*), coalesce(sum(b.households), 0)::bigint, coalesce(sum(b.people), 0)::bigint
  FROM own JOIN app.building AS b ON b.district = %(district)s AND b.id = own.building
 WHERE NOT EXISTS (
         SELECT FROM net.reach AS o
          WHERE o.district = %(district)s AND o.variant = %(variant)s AND o.building = own.building
            AND o.station = ANY (%(rank)s::bigint[])
            AND (o.cost_cm < own.cost_cm
                 OR o.cost_cm = own.cost_cm
                    AND array_position(%(rank)s::bigint[], o.station) < array_position(%(rank)s::bigint[], %(id)s)))
