-- name: page
-- Features of a layer as GeoJSON, by id, from the one after `after` on; one more than asked for tells
-- that there is another page.
SELECT shown.id,
       concat('{{"type":"Feature","id":', shown.id, ',"geometry":', ST_AsGeoJSON({shape}, 9, 0),
              ',"properties":', (SELECT to_json(said) FROM (SELECT {columns}) AS said), '}}')
  FROM (SELECT id, {columns}, geom
          FROM {view}
         WHERE district = %(district)s AND id > %(after)s AND {inside}
         ORDER BY id
         LIMIT %(limit)s + 1) AS shown
 ORDER BY shown.id

-- name: count
-- How many features a layer has for this actor.
SELECT count(*) FROM {view} WHERE district = %(district)s AND {inside}

-- name: one
-- The feature of that id as GeoJSON; no row: there is none for this actor.
SELECT concat('{{"type":"Feature","id":', id, ',"geometry":', ST_AsGeoJSON({shape}, 9, 0),
              ',"properties":', (SELECT to_json(said) FROM (SELECT {columns}) AS said), '}}')
  FROM {view}
 WHERE district = %(district)s AND id = %(id)s

-- name: inside
-- A part of a condition: meets a box.
geom && ST_GeomFromText(%(box)s, 4490) AND ST_Intersects(geom, ST_GeomFromText(%(box)s, 4490))

-- name: district
-- Name of a district and the box around it; no row: the actor sees nothing of it.
SELECT d.name, ARRAY[ST_XMin(e.box), ST_YMin(e.box), ST_XMax(e.box), ST_YMax(e.box)]
  FROM app.district AS d,
       LATERAL (SELECT ST_Extent(m.geom) AS box
                  FROM map.area AS m WHERE m.district = d.code AND m.level = 'district') AS e
 WHERE d.code = %(district)s
