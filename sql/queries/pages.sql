-- name: homes
-- The areas of a district on which an account holds a role now, by code.
SELECT DISTINCT a.code COLLATE "C" AS code
  FROM app."grant" AS g JOIN app.area AS a ON a.district = g.district AND a.id = g.area
 WHERE g.district = %(district)s AND g.account = %(account)s AND g.period @> now()
 ORDER BY code

-- name: areas
-- The tree of areas of a district, with what it is drawn with, by code.
SELECT a.code, a.level::text, a.name, parent.code AS parent,
       ARRAY[ST_XMin(v.geom), ST_YMin(v.geom), ST_XMax(v.geom), ST_YMax(v.geom)] AS bbox
  FROM app.area AS a
  LEFT JOIN app.area AS parent ON parent.district = a.district AND parent.id = a.parent
  LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
 WHERE a.district = %(district)s
 ORDER BY a.code COLLATE "C"

-- name: services
SELECT code, name FROM app.service WHERE district = %(district)s ORDER BY code
