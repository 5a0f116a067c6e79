-- name: one
-- A building with its compound; empty: there is none, or it is not the actor's.
SELECT b.id, b.code, b.name, b.kind, b.floors, b.households, b.people, b.estimated,
       ST_X(b.place), ST_Y(b.place), c.id, c.code, c.name,
       EXISTS (SELECT FROM net.unconnected AS u WHERE u.district = b.district AND u.building = b.id),
       ST_AsBinary(coalesce(b.doors, b.geom))
  FROM app.building AS b
  LEFT JOIN app.compound AS c ON c.district = b.district AND c.id = b.compound AND c.period @> now()
 WHERE b.district = %(district)s AND b.id = %(id)s AND b.period @> now()

-- name: areas
-- The areas that hold a building, the lowest first.
SELECT a.level::text, a.code, a.name
  FROM net.placement AS p JOIN app.area AS a ON a.district = p.district AND a.id = p.area
 WHERE p.district = %(district)s AND p.building = %(id)s ORDER BY a.level

-- name: reach
-- What it costs to walk to each station in reach that is open for service, the cheapest first.
SELECT station, cost_cm
  FROM net.reach
 WHERE district = %(district)s AND variant = %(variant)s AND building = %(id)s
 ORDER BY cost_cm, station
