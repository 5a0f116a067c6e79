-- name: basemap
-- The background switched on in a district, and how far its tiles are wanted: west, south, east,
-- north, with a margin about the district [degrees]. No row: our own.
SELECT b.kind, b.datum, b.sets,
       (SELECT ARRAY[ST_XMin(e.box) - %(margin)s, ST_YMin(e.box) - %(margin)s,
                     ST_XMax(e.box) + %(margin)s, ST_YMax(e.box) + %(margin)s]
          FROM (SELECT ST_Extent(geom) AS box FROM map.area
                 WHERE district = b.district AND level = 'district') AS e),
       b.id
  FROM app.basemap AS b
 WHERE b.district = %(district)s

-- name: tianditu
INSERT INTO app.basemap (district, kind, token) VALUES (%(district)s, 'tianditu', %(key)s)

-- name: tiles
INSERT INTO app.basemap (district, kind, datum, sets, addresses, token)
VALUES (%(district)s, 'tiles', %(datum)s, %(sets)s, %(addresses)s, %(key)s)

-- name: off
DELETE FROM app.basemap WHERE district = %(district)s
