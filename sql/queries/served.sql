-- name: areas
-- Every area in force by code: whether all of it is the actor's, a place in it, its box.
SELECT a.id, a.code, a.name, a.level::text, a.parent,
       current_user <> 'app_web' OR a.id IN (SELECT app.realm(app.everyone())),
       ST_X(p.place), ST_Y(p.place),
       ST_XMin(v.geom), ST_YMin(v.geom), ST_XMax(v.geom), ST_YMax(v.geom)
  FROM app.area AS a
  LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
  CROSS JOIN LATERAL (SELECT ST_PointOnSurface(v.geom) AS place) AS p
 WHERE a.district = %(district)s ORDER BY a.code COLLATE "C"

-- name: buildings
-- Every placed building by id, with the lowest area that holds it.
SELECT b.id, b.households::bigint, b.people::bigint, b.estimated::integer::bigint,
       (u.building IS NOT NULL)::integer::bigint, d.area
  FROM (SELECT DISTINCT ON (p.building) p.building, p.area
          FROM net.placement AS p JOIN app.area AS a ON a.district = p.district AND a.id = p.area
         WHERE p.district = %(district)s ORDER BY p.building, a.level) AS d
  JOIN app.building AS b ON b.district = %(district)s AND b.id = d.building
  LEFT JOIN net.unconnected AS u ON u.district = b.district AND u.building = b.id
 ORDER BY b.id

-- name: some_buildings
-- The same of some.
SELECT b.id, b.households::bigint, b.people::bigint, b.estimated::integer::bigint,
       (u.building IS NOT NULL)::integer::bigint, d.area
  FROM (SELECT DISTINCT ON (p.building) p.building, p.area
          FROM net.placement AS p JOIN app.area AS a ON a.district = p.district AND a.id = p.area
         WHERE p.district = %(district)s AND p.building = ANY (%(ids)s::bigint[]) ORDER BY p.building, a.level) AS d
  JOIN app.building AS b ON b.district = %(district)s AND b.id = d.building
  LEFT JOIN net.unconnected AS u ON u.district = b.district AND u.building = b.id
 ORDER BY b.id

-- name: stations
-- The stations open for service that offer a service, open at a minute of the week, by id.
-- minute: null counts every station whatever its hours.
SELECT coalesce(array_agg(id ORDER BY id), '{}')
  FROM app.station
 WHERE district = %(district)s AND state = 'open' AND period @> now()
   AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
   AND (%(minute)s::integer IS NULL OR open @> %(minute)s::integer)

-- name: costs
-- What the cheapest way from each building to one of some stations costs, by building.
SELECT building, min(cost_cm)::bigint
  FROM net.reach
 WHERE district = %(district)s AND variant = %(variant)s AND station = ANY (%(stations)s::bigint[])
 GROUP BY building ORDER BY building

-- name: some_costs
-- The same from some buildings.
SELECT building, min(cost_cm)::bigint
  FROM net.reach
 WHERE district = %(district)s AND variant = %(variant)s AND building = ANY (%(ids)s::bigint[])
   AND station = ANY (%(stations)s::bigint[])
 GROUP BY building ORDER BY building
