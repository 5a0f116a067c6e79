-- name: node
SELECT id, ST_AsBinary(geom) AS geometry FROM net.node WHERE district = %(district)s ORDER BY id

-- name: edge
SELECT e.id, source, target, length_cm, forward_cm, backward_cm, component, w.code AS way,
       w.highway, w.name, w.bridge, e.steps, ST_AsBinary(e.geom) AS geometry
  FROM net.edge AS e LEFT JOIN app.way AS w ON w.district = e.district AND w.id = e.way
 WHERE e.district = %(district)s ORDER BY e.id

-- name: access
-- Access on the edges that are there: some may have been deleted by hand.
SELECT a.kind, coalesce(b.code, s.code) AS ref, edge, from_source_cm, connector_cm
  FROM net.access AS a
  JOIN net.edge AS e ON e.district = a.district AND e.id = a.edge
  LEFT JOIN app.building AS b ON a.kind = 'building' AND b.district = a.district AND b.id = a.ref
  LEFT JOIN app.station AS s ON a.kind = 'station' AND s.district = a.district AND s.id = a.ref
 WHERE a.district = %(district)s ORDER BY a.kind, coalesce(b.code, s.code) COLLATE "C", edge, from_source_cm, connector_cm

-- name: building
-- Every building with the codes of the areas that hold it.
SELECT b.code, b.name, b.kind, b.floors, b.households, b.people, b.estimated,
       b.district,
       max(a.code) FILTER (WHERE a.level = 'subdistrict') AS subdistrict,
       max(a.code) FILTER (WHERE a.level = 'community') AS community,
       max(a.code) FILTER (WHERE a.level = 'grid') AS grid,
       ST_AsBinary(b.geom) AS geometry
  FROM app.building AS b
  LEFT JOIN net.placement AS p ON p.district = b.district AND p.building = b.id
  LEFT JOIN app.area AS a ON a.district = p.district AND a.id = p.area
 WHERE b.district = %(district)s AND b.period @> now()
 GROUP BY b.district, b.id ORDER BY b.code COLLATE "C"

-- name: station
SELECT code, name, kind::text AS kind, array_to_string(services, ',') AS services, hours,
       open::text AS open_minutes, state::text AS state, capacity, floor_area, ST_AsBinary(geom) AS geometry
  FROM app.station WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: area
SELECT a.code, a.level::text AS level, parent.code AS parent, a.name, a.tiled,
       ST_AsBinary(v.geom) AS geometry
  FROM app.area AS a
  JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
  LEFT JOIN app.area AS parent ON parent.district = a.district AND parent.id = a.parent
 WHERE a.district = %(district)s ORDER BY a.code COLLATE "C"

-- name: gate
SELECT code, name, hours, open::text AS open_minutes, passage::text AS passage, ST_AsBinary(geom) AS geometry
  FROM app.gate WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: barrier
SELECT code, kind, ST_AsBinary(geom) AS geometry
  FROM app.barrier WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"

-- name: water
SELECT code, name, kind, ST_AsBinary(geom) AS geometry
  FROM app.water WHERE district = %(district)s AND period @> now() ORDER BY code COLLATE "C"
