-- name: state
-- What an answer of the map depends on beside its address: who asks (null: nobody who may) and when
-- the tables were last changed.
SELECT app.scope(%(district)s), net.edition(%(district)s, %(tables)s)

-- name: layer
-- One layer of a tile; a shape that has no part in it is null and left out by ST_AsMVT. Boxes are
-- compared in stored degrees, where the index is.
SELECT ST_AsMVT(shown, {name}, %(extent)s, 'geom', 'id')
  FROM (SELECT id, {properties} {shape} AS geom
          FROM {view}
         WHERE district = %(district)s AND zoom <= %(zoom)s AND {large}
               geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)) AS shown

-- name: bent
-- A shape in the steps of a tile: projected (CGCS2000 and WGS 84 are the same to less than a
-- millimetre), cut off and made valid.
ST_AsMVTGeom(ST_Transform(ST_SetSRID(geom, 4326), 3857),
             ST_MakeEnvelope(%(left)s, %(bottom)s, %(right)s, %(top)s, 3857), %(extent)s, %(buffer)s)

-- name: flat
-- The same where a tile is so small that degrees are straight in it.
ST_AsMVTGeom(geom, ST_MakeEnvelope(%(own_west)s, %(own_south)s, %(own_east)s, %(own_north)s, 4490),
             %(extent)s, %(buffer)s)

-- name: small
-- The same for shapes that are small and plain: what lies inside is scaled and no more. Clockwise
-- is what a tile calls outside.
CASE WHEN geom @ ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
     THEN ST_SnapToGrid(ST_Affine(ST_ForcePolygonCW(geom), %(per_lon)s, 0, 0, -%(per_lat)s,
                                  -%(own_west)s * %(per_lon)s, %(own_north)s * %(per_lat)s), 1)
     ELSE ST_AsMVTGeom(geom, ST_MakeEnvelope(%(own_west)s, %(own_south)s, %(own_east)s, %(own_north)s, 4490),
                       %(extent)s, %(buffer)s) END

-- name: large
-- A part of a condition: broader or higher than a dot on the screen.
greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) > %(dot)s AND
