-- name: add
INSERT INTO app.account (district, login, name, password)
VALUES (%(district)s, %(login)s, %(name)s, %(password)s)
RETURNING id

-- name: set_password
-- Empty: no such account, no right to it, or changed since that version.
UPDATE app.account SET password = %(password)s
 WHERE district = %(district)s AND id = %(id)s AND version = coalesce(%(version)s, version)
RETURNING version

-- name: set_active
UPDATE app.account SET active = %(active)s
 WHERE district = %(district)s AND id = %(id)s AND version = coalesce(%(version)s, version)
RETURNING version

-- name: of_login
SELECT district, id FROM app.account WHERE login = %(login)s

-- name: roles
SELECT DISTINCT role FROM app."grant" WHERE account = %(account)s AND period @> now() ORDER BY role

-- name: listing
-- The accounts of a district by login, each with its grants that are not over, and its sign-ins.
SELECT a.id, a.login, a.name, a.active, a.version, s.last, s.failed, s.failed_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                   'id', g.id, 'version', g.version, 'role', g.role, 'area', r.code, 'name', r.name,
                   'level', r.level, 'since', lower(g.period), 'until', upper(g.period),
                   'later', lower(g.period) > now()) ORDER BY g.role DESC, r.code, g.id)
                   FROM app."grant" AS g JOIN app.area AS r ON r.district = g.district AND r.id = g.area
                  WHERE g.district = a.district AND g.account = a.id
                    AND (upper_inf(g.period) OR upper(g.period) > now())), '[]') AS grants
  FROM app.account AS a
  LEFT JOIN app.sign_ins(%(district)s) AS s ON s.account = a.id
 WHERE a.district = %(district)s
 ORDER BY NOT a.active, a.login

-- name: places
-- The areas a role can be given on, each below its parent, with its depth.
SELECT code, name, level::text FROM app.area WHERE district = %(district)s ORDER BY code

-- name: grant
-- A role on the area of a code; empty: there is no such area or account in that district.
INSERT INTO app."grant" (district, account, role, area, period)
SELECT a.district, c.id, %(role)s, a.id, tstzrange(coalesce(%(since)s, now()), %(until)s)
  FROM app.area AS a JOIN app.account AS c ON c.district = a.district AND c.id = %(account)s
 WHERE a.district = %(district)s AND a.code = %(area)s
RETURNING id

-- name: lock_grants
-- So that two who end the last two administrators' grants do not both succeed.
SELECT pg_advisory_xact_lock(hashtext('yige.grants.' || %(district)s))

-- name: the_grant
SELECT g.id, g.account, g.role::text, r.code AS area, lower(g.period) AS since, upper(g.period) AS until,
       lower(g.period) >= now() AS later
  FROM app."grant" AS g JOIN app.area AS r ON r.district = g.district AND r.id = g.area
 WHERE g.district = %(district)s AND g.id = %(id)s AND g.version = %(version)s
   AND (upper_inf(g.period) OR upper(g.period) > now())
   FOR UPDATE OF g

-- name: end
UPDATE app."grant" SET period = tstzrange(lower(period), now())
 WHERE district = %(district)s AND id = %(id)s

-- name: withdraw
-- A grant that has not begun leaves no period behind.
DELETE FROM app."grant" WHERE district = %(district)s AND id = %(id)s

-- name: reopen
UPDATE app."grant" SET period = tstzrange(lower(period), %(until)s)
 WHERE district = %(district)s AND id = %(id)s AND upper(period) <= now()
RETURNING id

-- name: own
-- The roles of an account that are not over: role, name of the area, from, to.
SELECT g.role::text, r.name, lower(g.period), upper(g.period)
  FROM app."grant" AS g JOIN app.area AS r ON r.district = g.district AND r.id = g.area
 WHERE g.account = %(account)s AND (upper_inf(g.period) OR upper(g.period) > now())
 ORDER BY g.role DESC, r.code, g.id

-- name: sessions
-- The open sessions of an account, the newest first.
SELECT id, opened, until FROM app.session
 WHERE account = %(account)s AND closed IS NULL AND until > now()
 ORDER BY opened DESC, id DESC

-- name: tokens
-- The open tokens of an account, the newest first, each with its last use.
SELECT t.id, t.name, t.made, t.until, u.at AS used, host(u.address) AS address
  FROM app.token AS t LEFT JOIN app.token_uses() AS u ON u.token = t.id
 WHERE t.account = %(account)s AND t.closed IS NULL AND t.until > now()
 ORDER BY t.made DESC, t.id DESC
