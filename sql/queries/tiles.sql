-- name: state
-- What an answer of the map depends on beside its address: who asks (null: nobody who may) and when
-- the tables were last changed.
SELECT app.scope(%(district)s), net.edition(%(district)s, %(tables)s)

-- name: layer
-- One layer of a tile; what has no part in it is null and left out by ST_AsMVT. Boxes are compared in stored degrees, where the index
-- is; CGCS2000 and WGS 84 are the same to less than a millimetre, so the plain formula projects.
SELECT ST_AsMVT(shown, {name}, %(extent)s, 'geom', 'id')
  FROM (SELECT id, {properties}
               ST_AsMVTGeom(ST_Transform(ST_SetSRID(geom, 4326), 3857),
                            ST_MakeEnvelope(%(left)s, %(bottom)s, %(right)s, %(top)s, 3857),
                            %(extent)s, %(buffer)s) AS geom
          FROM {view}
         WHERE district = %(district)s AND zoom <= %(zoom)s AND {large}
               geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)) AS shown

-- name: large
-- A part of a condition: broader or higher than a dot on the screen.
greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) > %(dot)s AND
