-- name: one
-- A building with its compound; empty: there is none, or it is not the actor's.
SELECT b.id, b.code, b.name, b.kind, b.floors, b.households, b.people, b.estimated,
       ST_X(b.place), ST_Y(b.place), c.id, c.code, c.name,
       ST_AsBinary(coalesce(b.doors, b.geom))
  FROM app.building AS b
  LEFT JOIN app.compound AS c ON c.district = b.district AND c.id = b.compound AND c.period @> now()
 WHERE b.district = %(district)s AND b.id = %(id)s AND b.period @> now()

-- name: areas
-- The areas that hold a building, the lowest first, and whether it is unconnected.
SELECT p.unconnected, a.level::text, a.code, a.name
  FROM net.place_of(%(district)s, %(id)s) AS p JOIN app.area AS a ON a.district = %(district)s AND a.id = p.area
 ORDER BY a.level

-- name: reach
-- What it costs to walk to each station in reach, the cheapest first.
SELECT station, cost_cm FROM net.reach_of(%(district)s, %(variant)s, %(id)s)
