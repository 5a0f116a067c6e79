-- name: add
INSERT INTO app.account (district, login, name, password)
VALUES (%(district)s, %(login)s, %(name)s, %(password)s)
RETURNING id

-- name: grant
-- A role on the area of a code; empty: there is no such area or account in that district.
INSERT INTO app."grant" (district, account, role, area, period)
SELECT a.district, c.id, %(role)s, a.id, tstzrange(coalesce(%(since)s, now()), %(until)s)
  FROM app.area AS a JOIN app.account AS c ON c.district = a.district AND c.id = %(account)s
 WHERE a.district = %(district)s AND a.code = %(area)s
RETURNING id

-- name: roles
SELECT DISTINCT role FROM app."grant" WHERE account = %(account)s AND period @> now() ORDER BY role
