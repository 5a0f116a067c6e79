-- name: edges
-- The edges near a box, by id; the gates of their ends.
SELECT e.id, e.source, e.target, e.length_cm, e.forward_cm, e.backward_cm, e.steps,
       coalesce(a.gate, -1), coalesce(b.gate, -1), ST_AsBinary(e.geom)
  FROM net.edge AS e
  JOIN net.node AS a ON a.district = e.district AND a.id = e.source
  JOIN net.node AS b ON b.district = e.district AND b.id = e.target
 WHERE e.district = %(district)s
   AND e.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
 ORDER BY e.id

-- name: barriers
SELECT ST_AsBinary(geom)
  FROM app.barrier
 WHERE district = %(district)s AND period @> now()
   AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)

-- name: water
SELECT ST_AsBinary(geom)
  FROM app.water
 WHERE district = %(district)s AND period @> now()
   AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)

-- name: stations
-- Stations open for service that offer a service, by id; whether open at a minute of the week.
SELECT id, code, name, kind::text, hours, open @> %(minute)s::integer, ST_X(geom), ST_Y(geom)
  FROM app.station
 WHERE district = %(district)s AND state = 'open' AND period @> now()
   AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
 ORDER BY id

-- name: lines
SELECT id, ST_AsBinary(geom) FROM net.edge WHERE district = %(district)s AND id = ANY (%(ids)s)
