-- name: members
-- Members one may see, the active first, by name; all of them where nothing is asked for.
WITH RECURSIVE within AS (
  SELECT id FROM app.area WHERE district = %(district)s AND code = %(area)s
   UNION ALL
  SELECT a.id FROM app.area AS a JOIN within ON a.district = %(district)s AND a.parent = within.id
)
SELECT m.id, m.version, m.name, m.roles, m.skills, m.home, b.name AS home_name, a.code AS area,
       a.name AS area_name, m.active
  FROM app.member AS m
  JOIN app.area AS a ON a.district = m.district AND a.id = m.area
  LEFT JOIN app.building AS b ON b.district = m.district AND b.id = m.home
 WHERE m.district = %(district)s
   AND (%(id)s::bigint IS NULL OR m.id = %(id)s)
   AND (%(area)s::text IS NULL OR m.area IN (SELECT id FROM within))
   AND (%(role)s::text IS NULL OR %(role)s = ANY (m.roles))
   AND (%(q)s::text IS NULL OR strpos(m.name, %(q)s) > 0 OR %(q)s = ANY (m.skills))
 ORDER BY m.active DESC, m.name COLLATE "C", m.id
 LIMIT %(limit)s

-- name: lock
-- The version of a member, kept from others until commit; empty: not there, or not to be changed.
SELECT version FROM app.member WHERE district = %(district)s AND id = %(id)s FOR UPDATE

-- name: area
SELECT id FROM app.area WHERE district = %(district)s AND code = %(code)s

-- name: building
SELECT id FROM app.building WHERE district = %(district)s AND id = %(id)s AND period @> now()

-- name: add
INSERT INTO app.member (district, name, roles, skills, home, area, active)
VALUES (%(district)s, %(name)s, %(roles)s, %(skills)s, %(home)s, %(area)s, %(active)s)
RETURNING id, version

-- name: change
UPDATE app.member
   SET name = %(name)s, roles = %(roles)s, skills = %(skills)s, home = %(home)s, area = %(area)s,
       active = %(active)s
 WHERE district = %(district)s AND id = %(id)s
RETURNING id, version
