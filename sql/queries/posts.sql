-- name: grids
-- How a post is filled in each grid, by code: how many are needed and held, by whom (the first names),
-- and since when nobody holds it. Of building heads one is needed for each slab and tower somebody
-- lives in. Only grids whose assignments one may see.
WITH RECURSIVE within AS (
  SELECT id, code, name, level FROM app.area
   WHERE district = %(district)s AND CASE WHEN %(area)s::text IS NULL THEN parent IS NULL ELSE code = %(area)s END
   UNION ALL
  SELECT a.id, a.code, a.name, a.level
    FROM app.area AS a JOIN within ON a.district = %(district)s AND a.parent = within.id
), grid AS (
  SELECT id, code, name FROM within
   WHERE level = 'grid'
     AND (NOT row_security_active('app.assignment') OR id IN (SELECT app.realm('{dispatcher,planner,admin}')))
), house AS (
  SELECT p.area, b.id, b.households, b.households > 0 AND b.kind IN ('slab', 'tower') AS headed
    FROM net.placement AS p JOIN app.building AS b ON b.district = p.district AND b.id = p.building
   WHERE p.district = %(district)s AND b.period @> now() AND p.area IN (SELECT id FROM grid)
), size AS (
  SELECT area, sum(households)::bigint AS households, count(*) FILTER (WHERE headed) AS headed FROM house GROUP BY area
), held AS (
  SELECT a.area, count(*) AS n, min(coalesce(m.name, s.name)) AS name
    FROM app.assignment AS a
    LEFT JOIN app.member AS m ON m.district = a.district AND m.id = a.member
    LEFT JOIN app.station AS s ON s.district = a.district AND s.id = a.serving_station
   WHERE a.district = %(district)s AND a.role = %(role)s AND a.period @> now() AND a.area IN (SELECT id FROM grid)
   GROUP BY a.area
   UNION ALL
  SELECT h.area, count(*), NULL
    FROM app.assignment AS a JOIN house AS h ON h.id = a.building AND h.headed
   WHERE a.district = %(district)s AND a.role = %(role)s AND a.role = 'building_head' AND a.period @> now()
   GROUP BY h.area
)
SELECT g.id, g.code, g.name, coalesce(z.households, 0) AS households,
       CASE %(role)s WHEN 'building_head' THEN coalesce(z.headed, 0) ELSE 1 END AS needed,
       coalesce(h.n, 0) AS held, h.name AS holder,
       CASE WHEN h.n IS NULL AND %(role)s <> 'building_head' THEN coalesce(
         (SELECT max(upper(a.period)) FROM app.assignment AS a
           WHERE a.district = %(district)s AND a.area = g.id AND a.role = %(role)s AND upper(a.period) <= now()),
         (SELECT min(lower(v.period)) FROM app.area_version AS v
           WHERE v.district = %(district)s AND v.area = g.id)) END AS since
  FROM grid AS g
  LEFT JOIN size AS z ON z.area = g.id
  LEFT JOIN held AS h ON h.area = g.id
 ORDER BY g.code

-- name: headless
-- The slabs and towers of a grid somebody lives in that have no building head, by code.
SELECT b.id, b.name, c.name AS compound, b.households, ST_X(b.place) AS lon, ST_Y(b.place) AS lat
  FROM net.placement AS p
  JOIN app.building AS b ON b.district = p.district AND b.id = p.building
  LEFT JOIN app.compound AS c ON c.district = b.district AND c.id = b.compound
 WHERE p.district = %(district)s AND p.area = %(area)s AND b.period @> now()
   AND b.households > 0 AND b.kind IN ('slab', 'tower')
   AND NOT EXISTS (SELECT FROM app.assignment AS a
                    WHERE a.district = b.district AND a.building = b.id AND a.role = 'building_head'
                      AND a.period @> now())
   AND (NOT row_security_active('app.assignment') OR p.area IN (SELECT app.realm('{dispatcher,planner,admin}')))
 ORDER BY b.code COLLATE "C"

-- name: portrait
-- What a target is made of: the areas it lies in (the smallest first), its households, people,
-- buildings and compounds, a point and a box.
WITH own AS (
  SELECT b.id, b.households, b.people, b.compound
    FROM app.building AS b
   WHERE b.district = %(district)s AND b.period @> now()
     AND (b.id = %(building)s
          OR b.id IN (SELECT building FROM net.placement WHERE district = %(district)s AND area = %(area)s))
), shape AS (
  SELECT geom FROM app.area_version WHERE district = %(district)s AND area = %(area)s AND period @> now()
   UNION ALL
  SELECT geom FROM app.building WHERE district = %(district)s AND id = %(building)s
   UNION ALL
  SELECT geom FROM app.station WHERE district = %(district)s AND id = %(station)s
), above AS (
  SELECT a.code, a.name, a.level
    FROM app.area AS a
    JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now(), shape
   WHERE a.district = %(district)s AND a.id IS DISTINCT FROM %(area)s
     AND v.geom && ST_PointOnSurface(shape.geom) AND ST_Intersects(v.geom, ST_PointOnSurface(shape.geom))
     AND NOT EXISTS (SELECT FROM app.area AS own
                      WHERE own.district = a.district AND own.id = %(area)s AND own.level >= a.level)
   ORDER BY a.level, a.code
)
SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('code', code, 'name', name, 'level', level)) FROM above), '[]') AS areas,
       (SELECT coalesce(sum(households), 0)::bigint FROM own) AS households,
       (SELECT coalesce(sum(people), 0)::bigint FROM own) AS people,
       (SELECT count(*) FROM own) AS buildings,
       (SELECT count(DISTINCT compound) FROM own) AS compounds,
       ST_X(ST_PointOnSurface(geom)) AS lon, ST_Y(ST_PointOnSurface(geom)) AS lat,
       ARRAY[ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)] AS bbox
  FROM shape
