-- name: changes
SELECT * FROM app.trail(%s, %s, %s, %s, %s, %s, %s)

-- name: tables
SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'r' ORDER BY relname

-- name: names
SELECT 'account', id, name FROM app.account WHERE district = %(district)s
 UNION ALL
SELECT 'area', id, name FROM app.area WHERE district = %(district)s
