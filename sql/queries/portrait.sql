-- name: area
SELECT a.level::text, ST_AsBinary(v.geom) AS geometry
  FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
 WHERE a.district = %(district)s

-- name: land
SELECT kind, ST_AsBinary(geom) AS geometry FROM app.land WHERE district = %(district)s AND period @> now()

-- name: compound
SELECT name, ST_AsBinary(geom) AS geometry FROM app.compound WHERE district = %(district)s AND period @> now()

-- name: water
SELECT kind, ST_AsBinary(geom) AS geometry FROM app.water WHERE district = %(district)s AND period @> now()

-- name: way
SELECT highway, bridge, name, ST_AsBinary(geom) AS geometry
  FROM app.way WHERE district = %(district)s AND period @> now()

-- name: barrier
SELECT kind, ST_AsBinary(geom) AS geometry FROM app.barrier WHERE district = %(district)s AND period @> now()

-- name: gate
SELECT hours, ST_AsBinary(geom) AS geometry FROM app.gate WHERE district = %(district)s AND period @> now()

-- name: building
SELECT b.households, r.cost_cm, u.building IS NOT NULL AS unconnected, ST_AsBinary(b.geom) AS geometry
  FROM app.building AS b
  LEFT JOIN (SELECT building, min(cost_cm) AS cost_cm
               FROM net.reach
              WHERE district = %(district)s AND variant = %(variant)s
                AND station IN (SELECT id FROM app.station WHERE district = %(district)s AND state = 'open')
              GROUP BY building) AS r ON r.building = b.id
  LEFT JOIN net.unconnected AS u ON u.district = b.district AND u.building = b.id
 WHERE b.district = %(district)s AND b.period @> now()

-- name: station
SELECT kind::text, ST_AsBinary(geom) AS geometry
  FROM app.station WHERE district = %(district)s AND period @> now() AND state = 'open'
