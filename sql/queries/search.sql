-- name: area
-- The areas of which all may be seen, below the area above them.
SELECT id, code, name, parent FROM app.area
 WHERE district = %(district)s AND id IN (SELECT app.realm(app.everyone()))

-- name: compound
-- Every compound with the lowest area it lies in.
SELECT DISTINCT ON (c.id) c.id, c.code, c.name, a.id
  FROM app.compound AS c
  LEFT JOIN (app.area_version AS v JOIN app.area AS a ON a.district = v.district AND a.id = v.area)
    ON v.district = c.district AND v.period @> now()
   AND v.geom && c.geom AND ST_Covers(v.geom, ST_PointOnSurface(c.geom))
 WHERE c.district = %(district)s AND c.period @> now()
 ORDER BY c.id, a.level, a.code COLLATE "C"

-- name: station
-- Every station with the lowest area it stands in.
SELECT DISTINCT ON (s.id) s.id, s.code, s.name, a.id
  FROM app.station AS s
  LEFT JOIN (app.area_version AS v JOIN app.area AS a ON a.district = v.district AND a.id = v.area)
    ON v.district = s.district AND v.period @> now() AND v.geom && s.geom AND ST_Covers(v.geom, s.geom)
 WHERE s.district = %(district)s AND s.period @> now()
 ORDER BY s.id, a.level, a.code COLLATE "C"

-- name: building
-- Every building with the lowest area that holds it.
SELECT b.id, b.code, b.name, d.area
  FROM (SELECT DISTINCT ON (p.building) p.building, p.area
          FROM net.placement AS p JOIN app.area AS a ON a.district = p.district AND a.id = p.area
         WHERE p.district = %(district)s ORDER BY p.building, a.level) AS d
  JOIN app.building AS b ON b.district = %(district)s AND b.id = d.building

-- name: area_places
SELECT a.id, a.level::text, ST_X(p.place), ST_Y(p.place),
       ST_XMin(v.geom), ST_YMin(v.geom), ST_XMax(v.geom), ST_YMax(v.geom)
  FROM app.area AS a
  LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
  CROSS JOIN LATERAL (SELECT ST_PointOnSurface(v.geom) AS place) AS p
 WHERE a.district = %(district)s AND a.id = ANY (%(ids)s)

-- name: compound_places
SELECT id, NULL, ST_X(place), ST_Y(place), ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)
  FROM app.compound CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom) AS place) AS p
 WHERE district = %(district)s AND id = ANY (%(ids)s)

-- name: station_places
SELECT id, NULL, ST_X(geom), ST_Y(geom), NULL, NULL, NULL, NULL
  FROM app.station WHERE district = %(district)s AND id = ANY (%(ids)s)

-- name: building_places
SELECT id, NULL, ST_X(place), ST_Y(place), NULL, NULL, NULL, NULL
  FROM app.building WHERE district = %(district)s AND id = ANY (%(ids)s)

-- name: areas
-- Every area with the one above it.
SELECT id, level::text, name, parent FROM app.area WHERE district = %(district)s

-- name: member
-- Every member on duty whom the actor's roles may see.
SELECT id, '', name, area FROM app.member WHERE district = %(district)s AND active

-- name: member_places
-- Where a member lives, never nearer than the building, or the area where that is not known.
SELECT m.id, NULL, ST_X(p.place), ST_Y(p.place), NULL, NULL, NULL, NULL
  FROM app.member AS m
  LEFT JOIN app.building AS b ON b.district = m.district AND b.id = m.home
  LEFT JOIN app.area_version AS v ON v.district = m.district AND v.area = m.area AND v.period @> now()
  CROSS JOIN LATERAL (SELECT coalesce(b.place, ST_PointOnSurface(v.geom)) AS place) AS p
 WHERE m.district = %(district)s AND m.id = ANY (%(ids)s)
