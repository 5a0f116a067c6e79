-- name: lock
-- Lock the versions of a district, so that one rebuild runs at a time; whether a period has begun
-- or ended since the last.
SELECT until <= now() FROM net.freshness WHERE district = %(district)s FOR UPDATE

-- name: take
-- What of a district is out of date; noted as dealt with, so read the tables only after it.
DELETE FROM net.stale WHERE district = %(district)s
RETURNING what, relation, row_id, upper(encode(ST_AsEWKB(shape), 'hex'))

-- name: built
-- Note what was rebuilt; with a new network all reach is out of date.
UPDATE net.freshness
   SET edge = CASE WHEN %(walk)s THEN net.new_version() ELSE edge END, place = net.new_version(),
       until = net.next_change(district)
 WHERE district = %(district)s

-- name: set_components
-- Give edges the components they are in now; those unchanged stay untouched.
UPDATE net.edge AS e
   SET component = now.component
  FROM unnest(%(edges)s::integer[], %(components)s::integer[]) AS now (id, component)
 WHERE e.district = %(district)s AND e.id = now.id AND e.component <> now.component

-- name: settled
-- Forget what the update of the components has noted as touched in this transaction.
DELETE FROM net.stale WHERE district = %(district)s AND what = 'edge' AND xid = pg_current_xact_id()

-- name: buildings
SELECT id FROM app.building WHERE district = %(district)s AND period @> now() ORDER BY id

-- name: clear_unconnected
DELETE FROM net.unconnected WHERE district = %(district)s

-- name: set_unconnected
-- COPY would refuse a table with row-level security to the engine.
INSERT INTO net.unconnected (district, building) SELECT %(district)s, unnest(%(buildings)s::bigint[])

-- name: way
SELECT id, code, highway, foot::text AS foot, steps, bridge, ST_AsBinary(geom) AS geometry
  FROM app.way WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: gate
SELECT g.id, g.code, c.code AS compound, g.passage::text AS passage, ST_AsBinary(g.geom) AS geometry
  FROM app.gate AS g LEFT JOIN app.compound AS c ON c.district = g.district AND c.id = g.compound
 WHERE g.district = %(district)s AND g.period @> now() ORDER BY g.code COLLATE "C"

-- name: compound
SELECT id, code, ST_AsBinary(geom) AS geometry
  FROM app.compound WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: barrier
SELECT id, code, ST_AsBinary(geom) AS geometry
  FROM app.barrier WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: water
SELECT id, code, ST_AsBinary(geom) AS geometry
  FROM app.water WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: building
SELECT id, code, kind, ST_AsBinary(doors) AS doors, ST_AsBinary(geom) AS geometry
  FROM app.building WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: station
SELECT id, code, ST_AsBinary(geom) AS geometry
  FROM app.station WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: version
-- The version of a district's network, and whether anything is out of date.
SELECT edge, until <= now() OR EXISTS (SELECT FROM net.stale WHERE district = %(district)s)
  FROM net.freshness WHERE district = %(district)s

-- name: nodes
SELECT id, gate FROM net.node WHERE district = %(district)s ORDER BY id

-- name: edges
SELECT id, source, target, length_cm, forward_cm, backward_cm, steps, coalesce(inside, -1)
  FROM net.edge WHERE district = %(district)s ORDER BY id

-- name: access
SELECT ref, edge, from_source_cm, connector_cm
  FROM net.access WHERE district = %(district)s AND kind = %(kind)s
 ORDER BY ref, edge, from_source_cm, connector_cm

-- name: gates
-- Every gate with its minutes of opening, by code.
SELECT id, open FROM app.gate WHERE district = %(district)s AND period @> now() ORDER BY id

-- name: shut
-- The gates shut at a minute of the week, by id.
SELECT coalesce(array_agg(id ORDER BY id), '{}')
  FROM app.gate WHERE district = %(district)s AND period @> now() AND NOT open @> %(minute)s::integer

-- name: variant
-- The variant with these gates shut; empty: it is new.
SELECT id FROM net.variant
 WHERE district = %(district)s AND step_free = %(step_free)s AND shut = %(shut)s::bigint[]

-- name: add_variant
INSERT INTO net.variant (district, id, shut, step_free)
SELECT %(district)s, coalesce(max(id), 0) + 1, %(shut)s::bigint[], %(step_free)s
  FROM net.variant WHERE district = %(district)s

-- name: reached
-- Whether a variant's reach was computed on the network as it is, and goes far enough.
SELECT v.edge = f.edge AND v.limit_cm >= %(limit_cm)s
  FROM net.variant AS v JOIN net.freshness AS f USING (district)
 WHERE v.district = %(district)s AND v.id = %(variant)s

-- name: note_reach
UPDATE net.variant AS v SET edge = f.edge, used = now(), limit_cm = %(limit_cm)s
  FROM net.freshness AS f
 WHERE f.district = v.district AND v.district = %(district)s AND v.id = %(variant)s

-- name: limit
-- As far as any profile's longest band reaches, in centimetres.
SELECT max(greatest(speed_cm_per_h::bigint * (SELECT max(m) FROM unnest(bands) AS m) / 60,
                    (SELECT max(l) FROM unnest(limits_cm) AS l)))::integer
  FROM app.profile WHERE district = %(district)s
