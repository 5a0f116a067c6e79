-- name: held
-- The districts the actor holds a role in, by code, with the roles held on each area.
SELECT d.code, d.name, d.sample, d.data_date::text, d.zone,
       a.code, a.name, a.level::text, array_agg(DISTINCT g.role::text ORDER BY g.role::text),
       ST_XMin(v.geom), ST_YMin(v.geom), ST_XMax(v.geom), ST_YMax(v.geom)
  FROM app.district AS d
  JOIN app."grant" AS g ON g.district = d.code AND g.period @> now()
   AND g.account = nullif(current_setting('app.actor', true), '')::bigint
  JOIN app.area AS a ON a.district = g.district AND a.id = g.area
  LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
 GROUP BY d.code, a.id, a.code, a.name, a.level, v.geom
 ORDER BY d.code, a.level DESC, a.code COLLATE "C"

-- name: extent
-- The box of a district: of its areas and, where it has no shape itself, of its ways.
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
  FROM (SELECT ST_Extent(geom) AS box
          FROM (SELECT geom FROM app.area_version WHERE district = %(district)s AND period @> now()
                UNION ALL
                SELECT geom FROM app.way
                 WHERE district = %(district)s AND period @> now() AND NOT EXISTS (
                       SELECT FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id
                        WHERE a.district = %(district)s AND a.level = 'district' AND v.period @> now())) AS those) AS whole
 WHERE box IS NOT NULL

-- name: compounds
-- The lowest area in which each compound lies, counted.
SELECT area, count(*)
  FROM (SELECT DISTINCT ON (c.id) c.id, a.id AS area
          FROM app.compound AS c
          JOIN app.area_version AS v ON v.district = c.district AND v.period @> now()
           AND v.geom && c.geom AND ST_Covers(v.geom, ST_PointOnSurface(c.geom))
          JOIN app.area AS a ON a.district = v.district AND a.id = v.area
         WHERE c.district = %(district)s AND c.period @> now()
         ORDER BY c.id, a.level, a.code COLLATE "C") AS lowest
 GROUP BY area

-- name: stations
-- The lowest area in which each station stands that is there or planned, counted.
SELECT area, count(*)
  FROM (SELECT DISTINCT ON (s.id) s.id, a.id AS area
          FROM app.station AS s
          JOIN app.area_version AS v ON v.district = s.district AND v.period @> now()
           AND v.geom && s.geom AND ST_Covers(v.geom, s.geom)
          JOIN app.area AS a ON a.district = v.district AND a.id = v.area
         WHERE s.district = %(district)s AND s.period @> now() AND s.state = 'open'
         ORDER BY s.id, a.level, a.code COLLATE "C") AS lowest
 GROUP BY area

-- name: shapes
-- The shapes of some areas by code, as GeoJSON with every decimal of the lattice.
SELECT a.code, ST_AsGeoJSON(v.geom, 9)
  FROM app.area AS a
  JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
 WHERE a.district = %(district)s AND a.code = ANY (%(codes)s) ORDER BY a.code COLLATE "C"
