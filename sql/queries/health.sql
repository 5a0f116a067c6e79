-- name: totals
-- Nodes, edges and their length; directions closed in a variant.
SELECT (SELECT count(*) FROM net.node WHERE district = %(district)s) AS nodes,
       count(*) AS edges, coalesce(sum(length_cm), 0)::bigint AS length_cm,
       coalesce(sum((forward_cm < 0 OR coalesce(b.gate = ANY (%(shut)s::bigint[]), false) OR (steps AND %(step_free)s))::integer
         + (backward_cm < 0 OR coalesce(a.gate = ANY (%(shut)s::bigint[]), false) OR (steps AND %(step_free)s))::integer), 0)::bigint
         AS closed_directions
  FROM net.edge AS e
  JOIN net.node AS a ON a.district = e.district AND a.id = e.source
  JOIN net.node AS b ON b.district = e.district AND b.id = e.target
 WHERE e.district = %(district)s

-- name: components
-- Connected pieces with every gate open, the longest first, each with a place on it.
SELECT component, count(*) AS edges, sum(length_cm)::bigint AS length_cm,
       (array_agg(ST_X(ST_StartPoint(geom)) ORDER BY id))[1] AS lon,
       (array_agg(ST_Y(ST_StartPoint(geom)) ORDER BY id))[1] AS lat
  FROM net.edge WHERE district = %(district)s
 GROUP BY component ORDER BY length_cm DESC, component

-- name: unconnected_buildings
SELECT b.code, b.name, b.households, ST_X(b.place) AS lon, ST_Y(b.place) AS lat
  FROM net.unconnected AS u JOIN app.building AS b ON b.district = u.district AND b.id = u.building
 WHERE u.district = %(district)s ORDER BY b.code COLLATE "C"

-- name: long_connectors
SELECT b.code, b.name, n.connector_cm, ST_X(b.place) AS lon, ST_Y(b.place) AS lat
  FROM (SELECT a.ref, min(a.connector_cm) AS connector_cm
          FROM net.access AS a JOIN net.edge AS e ON e.district = a.district AND e.id = a.edge
         WHERE a.district = %(district)s AND a.kind = 'building' GROUP BY a.ref) AS n
  JOIN app.building AS b ON b.district = %(district)s AND b.id = n.ref
 WHERE n.connector_cm > %(long)s ORDER BY b.code COLLATE "C"

-- name: one_way_gates
SELECT code, name, passage::text, hours, ST_X(geom) AS lon, ST_Y(geom) AS lat
  FROM app.gate WHERE district = %(district)s AND period @> now() AND passage <> 'both'
 ORDER BY code COLLATE "C"

-- name: shut_gates
SELECT code, name, passage::text, hours, ST_X(geom) AS lon, ST_Y(geom) AS lat
  FROM app.gate WHERE district = %(district)s AND id = ANY (%(shut)s::bigint[])
 ORDER BY code COLLATE "C"
