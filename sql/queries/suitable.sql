-- name: members
-- Members on duty who may take a post and do not hold it at a target yet, by id.
SELECT m.id, m.name, m.roles, m.skills, m.home, ST_X(b.place), ST_Y(b.place)
  FROM app.member AS m
  LEFT JOIN app.building AS b ON b.district = m.district AND b.id = m.home
 WHERE m.district = %(district)s AND m.active AND %(role)s = ANY (m.roles)
   AND (%(q)s::text IS NULL OR strpos(m.name, %(q)s) > 0
        OR EXISTS (SELECT FROM unnest(m.skills) AS skill WHERE strpos(skill, %(q)s) > 0))
   AND NOT EXISTS (
     SELECT FROM app.assignment AS a
      WHERE a.district = m.district AND a.member = m.id AND a.role = %(role)s AND a.period @> now()
        AND (a.area = %(area)s OR a.building = %(building)s OR a.station = %(station)s))
 ORDER BY m.id

-- name: stations
-- Open stations that do not serve a target yet, by id; capacity null: no limit known.
SELECT s.id, s.name, ARRAY['station'], ARRAY[]::text[], s.id, ST_X(s.geom), ST_Y(s.geom), s.capacity
  FROM app.station AS s
 WHERE s.district = %(district)s AND s.state = 'open' AND s.period @> now()
   AND (%(q)s::text IS NULL OR strpos(s.name, %(q)s) > 0)
   AND NOT EXISTS (
     SELECT FROM app.assignment AS a
      WHERE a.district = s.district AND a.serving_station = s.id AND a.period @> now()
        AND (a.area = %(area)s OR a.building = %(building)s))
 ORDER BY s.id

-- name: buildings
-- The buildings of a target with their households, by id; a station has none.
SELECT b.id, b.households
  FROM app.building AS b
 WHERE b.district = %(district)s AND b.period @> now()
   AND (b.id = %(building)s
        OR b.id IN (SELECT building FROM net.placement
                     WHERE district = %(district)s AND area = %(area)s))
 ORDER BY b.id

-- name: loads
-- Posts held and households served in one post, by member; who holds none is left out.
SELECT member, posts, households
  FROM app.loads(%(district)s, %(role)s, %(those)s::bigint[])

-- name: station_loads
-- What stations serve and the households of it, by station; one that serves nothing is left out.
WITH held AS (
  SELECT serving_station, area, building
    FROM app.assignment
   WHERE district = %(district)s AND serving_station = ANY (%(those)s::bigint[]) AND period @> now()
     AND role = %(role)s
), house AS MATERIALIZED (
  SELECT id, households FROM app.building WHERE district = %(district)s AND period @> now()
), size AS (
  SELECT p.area, sum(b.households) AS households
    FROM net.placement AS p JOIN house AS b ON b.id = p.building
   WHERE p.district = %(district)s AND p.area IN (SELECT area FROM held)
   GROUP BY p.area
)
SELECT h.serving_station, count(*), coalesce(sum(coalesce(s.households, b.households)), 0)::bigint
  FROM held AS h
  LEFT JOIN size AS s ON s.area = h.area
  LEFT JOIN house AS b ON b.id = h.building
 GROUP BY h.serving_station

-- name: posts
-- What some members, or stations, serve now as far as one may see it, by post and place.
SELECT coalesce(a.member, a.serving_station), a.role, coalesce(r.name, b.name, s.name)
  FROM app.assignment AS a
  LEFT JOIN app.area AS r ON r.district = a.district AND r.id = a.area
  LEFT JOIN app.building AS b ON b.district = a.district AND b.id = a.building
  LEFT JOIN app.station AS s ON s.district = a.district AND s.id = a.station
 WHERE a.district = %(district)s AND a.period @> now()
   AND (a.member = ANY (%(members)s::bigint[]) OR a.serving_station = ANY (%(stations)s::bigint[]))
 ORDER BY 1, a.role, coalesce(r.code, b.code, s.code)

-- name: homes
-- The home buildings of some members, as far as one may see them.
SELECT id, home FROM app.member
 WHERE district = %(district)s AND id = ANY (%(members)s::bigint[]) AND home IS NOT NULL

-- name: places
-- Where a home lies, if one may see it, then where the way ends.
SELECT lon, lat FROM (
  SELECT 1 AS i, ST_X(place) AS lon, ST_Y(place) AS lat
    FROM app.building WHERE district = %(district)s AND id = %(home)s
   UNION ALL
  SELECT 2, ST_X(place), ST_Y(place)
    FROM app.building WHERE district = %(district)s AND id = %(end)s AND %(kind)s = 'building'
   UNION ALL
  SELECT 2, ST_X(geom), ST_Y(geom)
    FROM app.station WHERE district = %(district)s AND id = %(end)s AND %(kind)s = 'station'
) AS place ORDER BY i
