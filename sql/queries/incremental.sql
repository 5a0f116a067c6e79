-- name: around
-- The ways in force that touch what has changed of ways, gates and compounds: only their edges may
-- be others than before.
WITH zone AS (
  SELECT geom FROM app.way WHERE district = %(district)s AND id = ANY (%(way)s)
  UNION ALL
  SELECT geom FROM net.edge WHERE district = %(district)s AND (way = ANY (%(way)s) OR inside = ANY (%(compound)s))
  UNION ALL
  SELECT geom FROM app.gate WHERE district = %(district)s AND (id = ANY (%(gate)s) OR compound = ANY (%(compound)s))
  UNION ALL
  SELECT geom FROM net.node WHERE district = %(district)s AND gate = ANY (%(gate)s)
  UNION ALL
  SELECT geom FROM app.compound WHERE district = %(district)s AND id = ANY (%(compound)s)
)
SELECT DISTINCT w.id
  FROM zone
  JOIN app.way AS w ON w.district = %(district)s AND w.geom && zone.geom AND ST_Intersects(w.geom, zone.geom)
   AND w.period @> now()

-- name: ends
-- The nodes of the edges of some ways.
SELECT source, target FROM net.edge WHERE district = %(district)s AND way = ANY (%(way)s)

-- name: ways_at
SELECT DISTINCT way FROM net.edge
 WHERE district = %(district)s AND (source = ANY (%(node)s::integer[]) OR target = ANY (%(node)s::integer[]))

-- name: way
SELECT id, code, highway, foot::text AS foot, steps, bridge, ST_AsBinary(geom) AS geometry
  FROM app.way
 WHERE district = %(district)s AND id = ANY (%(way)s) AND period @> now() ORDER BY code COLLATE "C"

-- name: gate
-- The gates that may stand on some ways.
SELECT DISTINCT ON (g.code COLLATE "C") g.id, g.code, c.code AS compound, g.passage::text AS passage, ST_AsBinary(g.geom) AS geometry
  FROM app.way AS w
  JOIN app.gate AS g ON g.district = w.district AND g.geom && w.geom AND g.period @> now()
  LEFT JOIN app.compound AS c ON c.district = g.district AND c.id = g.compound
 WHERE w.district = %(district)s AND w.id = ANY (%(way)s)
 ORDER BY g.code COLLATE "C"

-- name: compound
-- The compounds through which some ways may lead, and those of their gates.
SELECT id, code, ST_AsBinary(geom) AS geometry
  FROM app.compound AS c
 WHERE district = %(district)s AND period @> now()
   AND (code = ANY (%(codes)s) OR EXISTS (SELECT FROM app.way AS w WHERE w.district = c.district AND w.id = ANY (%(way)s) AND w.geom && c.geom))
 ORDER BY code COLLATE "C"

-- name: edges
SELECT id, source, target, length_cm, forward_cm, backward_cm, steps, way, coalesce(inside, -1), ST_AsBinary(geom)
  FROM net.edge WHERE district = %(district)s AND way = ANY (%(way)s) ORDER BY id

-- name: delete_edges
DELETE FROM net.edge WHERE district = %(district)s AND id = ANY (%(edge)s)

-- name: delete_nodes
DELETE FROM net.node WHERE district = %(district)s AND id = ANY (%(node)s)

-- name: add_node
INSERT INTO net.node (district, id, gate, geom)
SELECT %(district)s, id, nullif(gate, -1), geom::geometry
  FROM unnest(%(id)s::integer[], %(gate)s::bigint[], %(geom)s::text[]) AS new (id, gate, geom)

-- name: set_gates
UPDATE net.node AS n SET gate = nullif(new.gate, -1)
  FROM unnest(%(id)s::integer[], %(gate)s::bigint[]) AS new (id, gate)
 WHERE n.district = %(district)s AND n.id = new.id

-- name: add_edge
INSERT INTO net.edge (district, id, source, target, length_cm, forward_cm, backward_cm, steps, way, inside, component, geom)
SELECT %(district)s, id, source, target, length_cm, forward_cm, backward_cm, steps, way, nullif(inside, -1), 0, geom::geometry
  FROM unnest(%(id)s::integer[], %(source)s::integer[], %(target)s::integer[], %(length_cm)s::integer[],
              %(forward_cm)s::integer[], %(backward_cm)s::integer[], %(steps)s::boolean[], %(way)s::bigint[],
              %(inside)s::bigint[], %(geom)s::text[])
       AS new (id, source, target, length_cm, forward_cm, backward_cm, steps, way, inside, geom)

-- name: hidden_by
-- Who may have a connector that touches a shape.
SELECT 'building' AS kind, b.id
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.building AS b ON b.district = %(district)s AND b.period @> now()
   AND (ST_DWithin(b.geom, s.geom::geometry, %(degrees)s) OR ST_DWithin(b.doors, s.geom::geometry, %(degrees)s))
UNION
SELECT 'station', t.id
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.station AS t ON t.district = %(district)s AND t.period @> now() AND ST_DWithin(t.geom, s.geom::geometry, %(degrees)s)

-- name: near_building
-- Buildings near some shapes, by id: whether demand along the ways, and where they are left from.
SELECT DISTINCT ON (b.id) b.id, b.kind = 'demand', ST_AsBinary(coalesce(b.doors, b.geom))
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.building AS b ON b.district = %(district)s AND b.period @> now()
   AND (b.geom && ST_Expand(s.geom::geometry, %(east)s, %(north)s) OR b.doors && ST_Expand(s.geom::geometry, %(east)s, %(north)s))
 ORDER BY b.id

-- name: near_station
SELECT DISTINCT ON (t.id) t.id, false, ST_AsBinary(t.geom)
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.station AS t ON t.district = %(district)s AND t.period @> now()
   AND t.geom && ST_Expand(s.geom::geometry, %(east)s, %(north)s)
 ORDER BY t.id

-- name: building
SELECT id, kind = 'demand', ST_AsBinary(coalesce(doors, geom))
  FROM app.building WHERE district = %(district)s AND id = ANY (%(id)s) AND period @> now() ORDER BY id

-- name: station
SELECT id, false, ST_AsBinary(geom)
  FROM app.station WHERE district = %(district)s AND id = ANY (%(id)s) AND period @> now() ORDER BY id

-- name: near_edges
SELECT DISTINCT ON (e.id) e.id, ST_AsBinary(e.geom)
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN net.edge AS e ON e.district = %(district)s AND e.geom && ST_Expand(s.geom::geometry, %(east)s, %(north)s)
 ORDER BY e.id

-- name: near_barrier
SELECT DISTINCT ON (b.id) b.id, ST_AsBinary(b.geom)
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.barrier AS b ON b.district = %(district)s AND b.period @> now()
   AND b.geom && ST_Expand(s.geom::geometry, %(east)s, %(north)s)
 ORDER BY b.id

-- name: near_water
SELECT DISTINCT ON (w.id) w.id, ST_AsBinary(w.geom)
  FROM unnest(%(shape)s::text[]) AS s (geom)
  JOIN app.water AS w ON w.district = %(district)s AND w.period @> now()
   AND w.geom && ST_Expand(s.geom::geometry, %(east)s, %(north)s)
 ORDER BY w.id

-- name: drop_access
-- Take access rows away: all of some, and of others those on edges that are gone.
DELETE FROM net.access
 WHERE district = %(district)s AND kind = %(kind)s
   AND (ref = ANY (%(whole)s) OR ref = ANY (%(touched)s) AND edge = ANY (%(edge)s))

-- name: add_access
INSERT INTO net.access (district, kind, ref, edge, from_source_cm, connector_cm)
SELECT %(district)s, %(kind)s, *
  FROM unnest(%(ref)s::bigint[], %(edge)s::integer[], %(from_source_cm)s::integer[], %(connector_cm)s::integer[])

-- name: unconnected
SELECT building FROM net.unconnected WHERE district = %(district)s ORDER BY building

-- name: alive
SELECT id FROM app.building WHERE district = %(district)s AND id = ANY (%(id)s) AND period @> now() ORDER BY id

-- name: connect
DELETE FROM net.unconnected WHERE district = %(district)s AND building = ANY (%(building)s)

-- name: disconnect
INSERT INTO net.unconnected (district, building) SELECT %(district)s, unnest(%(building)s::bigint[])

-- name: renewed
-- Note a new version of the network, and of what is counted with it; the next period that begins or ends.
UPDATE net.freshness
   SET edge = CASE WHEN %(walk)s THEN net.new_version() ELSE edge END, place = net.new_version(),
       until = least(until, %(until)s)
 WHERE district = %(district)s
RETURNING edge

-- name: next_change
-- The next moment at which the period of one of some rows begins or ends.
SELECT min(bound)
  FROM (SELECT period FROM app.compound WHERE district = %(district)s AND id = ANY (%(compound)s)
        UNION ALL SELECT period FROM app.building WHERE district = %(district)s AND id = ANY (%(building)s)
        UNION ALL SELECT period FROM app.gate WHERE district = %(district)s AND id = ANY (%(gate)s)
        UNION ALL SELECT period FROM app.barrier WHERE district = %(district)s AND id = ANY (%(barrier)s)
        UNION ALL SELECT period FROM app.water WHERE district = %(district)s AND id = ANY (%(water)s)
        UNION ALL SELECT period FROM app.way WHERE district = %(district)s AND id = ANY (%(way)s)
        UNION ALL SELECT period FROM app.station WHERE district = %(district)s AND id = ANY (%(station)s)) AS p,
       LATERAL (VALUES (lower(period)), (upper(period))) AS b (bound)
 WHERE bound > now()

-- name: versions
SELECT edge, place FROM net.freshness WHERE district = %(district)s

-- name: any
-- Whether there is a network of the district.
SELECT 1 FROM net.edge WHERE district = %(district)s LIMIT 1

-- name: variants
-- The variants whose reach is that of the network as it is.
SELECT v.id, v.shut, v.step_free, v.limit_cm
  FROM net.variant AS v JOIN net.freshness AS f USING (district)
 WHERE v.district = %(district)s AND v.edge = f.edge
 ORDER BY v.id

-- name: drop_variant
-- Have a variant stand for other shut gates; its reach is out of date.
UPDATE net.variant SET edge = 0, shut = %(shut)s::bigint[] WHERE district = %(district)s AND id = %(variant)s

-- name: reached
-- Note that the reach of a variant is that of the network as it is.
UPDATE net.variant AS v SET edge = f.edge, used = now()
  FROM net.freshness AS f
 WHERE f.district = v.district AND v.district = %(district)s AND v.id = %(variant)s

-- name: same_variant
SELECT id FROM net.variant
 WHERE district = %(district)s AND step_free = %(step_free)s AND shut = %(shut)s::bigint[] AND id <> %(variant)s

-- name: stored
SELECT building, station, cost_cm
  FROM net.reach
 WHERE district = %(district)s AND variant = %(variant)s
   AND building = ANY (%(building)s) AND station = ANY (%(station)s)

-- name: drop_reach
DELETE FROM net.reach AS r
 USING unnest(%(building)s::bigint[], %(station)s::bigint[]) AS gone (building, station)
 WHERE r.district = %(district)s AND r.variant = %(variant)s
   AND r.building = gone.building AND r.station = gone.station

-- name: add_reach
INSERT INTO net.reach (district, variant, building, station, cost_cm)
SELECT %(district)s, %(variant)s, *
  FROM unnest(%(building)s::bigint[], %(station)s::bigint[], %(cost_cm)s::integer[])
